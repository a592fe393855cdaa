// SPDX-License-Identifier: MIT
#include "configurationproxy/proxy_anchor.hpp"

namespace causeway::configurationproxy {

std::vector<std::string> configuration_urls(const ProxySettings& settings, std::string_view instance) {
  std::vector<std::string> urls;
  if (settings.address.empty()) return urls;
  for (const char* scheme : {"http://", "https://"})
    urls.push_back(scheme + settings.address + "/" + std::string(instance) + "/conf");
  return urls;
}

Result<globalconf::Anchor> proxy_anchor(const ProxySettings& settings, const InstanceConfiguration& instance,
                                        TimePoint at) {
  const auto source = instance.source_anchor();
  if (!source) return source.error();
  const auto urls = configuration_urls(settings, instance.name());
  if (urls.empty()) return malformed_configuration("set configuration-proxy.address in conf.d/local.ini");
  std::vector<Bytes> certificates;
  for (const std::string& key : instance.keys()) {
    const auto certificate = instance.certificate(key);
    if (!certificate) return certificate.error();
    certificates.push_back(certificate->der());
  }
  if (certificates.empty()) return malformed_configuration("the instance " + instance.name() + " has no signing key");
  globalconf::Anchor anchor{at, source->instance, {}};
  for (const std::string& url : urls) anchor.sources.push_back({url, certificates});
  return anchor;
}

}  // namespace causeway::configurationproxy
