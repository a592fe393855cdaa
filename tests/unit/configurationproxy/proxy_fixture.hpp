// SPDX-License-Identifier: MIT
// A configuration proxy with one instance, its signer, its source and its clients, without HTTP.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "configurationproxy/instance_configuration.hpp"
#include "configurationproxy/proxy_anchor.hpp"
#include "configurationproxy/publication.hpp"
#include "configurationproxy/settings.hpp"
#include "configurationproxy/signing_keys.hpp"
#include "net/coroutines.hpp"
#include "signer/client.hpp"
#include "unit/globalconf/published_site.hpp"
#include "unit/globalconf/samples.hpp"
#include "unit/signer/running_signer.hpp"

namespace causeway::configurationproxy {

inline constexpr const char* kProxyHost = "cp.dev";

// Its source is the Central Server cs.dev, its clients reach it at http://cp.dev/PROXY1/conf.
class ProxyWorld {
 public:
  explicit ProxyWorld(int oldest_version = globalconf::kNewestVersion) : site("DEV", "cs.dev", oldest_version) {
    settings.directory = folder.path();
    settings.instances = folder.path() / "confproxy";
    settings.published = folder.path() / "public";
    settings.downloads = folder.path() / "globalconf";
    settings.address = kProxyHost;
    signer::SignerDirectory::must(InstanceConfiguration::create(settings.instances, "PROXY1"));
    put_anchor(site.publisher.internal_anchor());
    fetcher.add(site);
    fetcher.intercept = [this](const std::string& url) { return serve(url); };
    publish();
  }

  InstanceConfiguration instance() const { return *InstanceConfiguration::load(settings.instances, "PROXY1"); }
  void put_anchor(const globalconf::Anchor& anchor) const {
    signer::SignerDirectory::must(write_file_atomically(instance().anchor_file(), globalconf::write_anchor(anchor)));
  }
  void publish(const std::string& name = "Agency", std::vector<globalconf::Anchor> partners = {},
               TimePoint at = now()) {
    auto description = globalconf::sample_instance("DEV");
    description.members[0].name = name;
    description.partners = std::move(partners);
    signer::SignerDirectory::must(site.publisher.publish(description, at));
  }
  std::string new_key(bool rsa = false) {
    auto connection = signer.connect();
    auto known = instance();
    auto key = generate_signing_key(known, connection, "0", rsa);
    signer::SignerDirectory::must(key);
    return *key;
  }

  // What is between the proxy and its source; none: nothing.
  std::function<std::optional<Result<globalconf::FetchedDocument>>(const std::string& url)> in_the_way;

  const testing::TemporaryDirectory folder;
  globalconf::Site site;
  globalconf::SiteFetcher fetcher;
  signer::RunningSigner signer;
  ProxySettings settings;

 private:
  std::optional<Result<globalconf::FetchedDocument>> serve(const std::string& url) const {
    const std::string own = std::string("http://") + kProxyHost;
    if (!url.starts_with(own + "/")) return in_the_way ? in_the_way(url) : std::nullopt;
    const std::string target = url.substr(own.size());
    const std::size_t query = std::min(target.find('?'), target.size());
    const std::string file = served_file(settings.published, target.substr(0, query),
                                         query < target.size() ? target.substr(query + 1) : "", now());
    auto content = file.empty() ? Result<std::string>(Fault{"not_found", ""}) : read_file(settings.published / file);
    if (!content) return globalconf::FetchedDocument{404, {}};
    return globalconf::FetchedDocument{200, to_bytes(*content)};
  }
};

}  // namespace causeway::configurationproxy
