// SPDX-License-Identifier: MIT
#include "configurationproxy/serving.hpp"

#include "configurationproxy/publication.hpp"
#include "net/shared_limits.hpp"
#include "net/tls_files.hpp"

namespace causeway::configurationproxy {

Result<std::unique_ptr<globalconf::Serving>> start_serving(const ProxySettings& settings) {
  globalconf::ServingOptions options{.address = settings.listen_address,
                                     .port = settings.listen_port,
                                     .tls_port = settings.listen_tls_port,
                                     .docroot = settings.published,
                                     .limits = net::limits_of_one_of(2)};
  options.file_for = [root = settings.published](std::string_view path, std::string_view query) {
    return served_file(root, path, query, now());
  };
  const auto ssl = settings.directory / "ssl";
  const net::TlsFiles files{ssl / "confproxy.crt", ssl / "confproxy.key"};
  if (!files.are_missing()) {
    auto identity = net::read_tls_identity(files);
    if (!identity) return std::move(identity).error();
    options.identity = *std::move(identity);
  }
  auto serving = globalconf::Serving::start(std::move(options));
  if (!serving && serving.error().code == "internal_error")
    return malformed_configuration(files.certificate.string() + " cannot be used: " + serving.error().text);
  return serving;
}

}  // namespace causeway::configurationproxy
