// SPDX-License-Identifier: MIT
#include "configurationproxy/settings.hpp"

#include <algorithm>

#include "net/http_client.hpp"

namespace causeway::configurationproxy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnsetAddress = "0.0.0.0";  // as X-Road's package leaves it

std::string name_of(std::string_view parameter) { return "configuration-proxy." + std::string(parameter); }

// X-Road's own files have some of these values in quotes.
std::string text(const Parameters& parameters, std::string_view parameter, std::string_view otherwise) {
  std::string value = parameters.text(name_of(parameter), otherwise);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

Fault wrong(std::string_view parameter, std::string_view value, std::string_view expected) {
  return malformed_parameter(name_of(parameter), value, expected);
}

// An older digest would be refused by those who read what was signed with it.
Result<pki::DigestAlgorithm> digest(std::string_view parameter, std::string_view value,
                                    std::optional<pki::DigestAlgorithm> known) {
  using enum pki::DigestAlgorithm;
  if (known == sha256 || known == sha384 || known == sha512) return *known;
  return wrong(parameter, value, "SHA-256, SHA-384 or SHA-512");
}

Result<std::string> read_address(const Parameters& parameters) {
  std::string value = text(parameters, "address", kUnsetAddress);
  if (value.empty() || value == kUnsetAddress) return std::string();
  const auto url = net::Url::parse("http://" + value + "/");
  if (!url || url->target != "/" || value.find_first_of("/?#") != std::string::npos)
    return wrong("address", value, "a host name or address, perhaps with a port");
  return value;
}

}  // namespace

Result<ProxySettings> ProxySettings::load(const fs::path& directory) {
  const auto parameters = Parameters::load(directory / "conf.d");
  if (!parameters) return parameters.error();
  ProxySettings settings;
  settings.directory = directory;
  // A relative path begins at the directory, an absolute one replaces it.
  settings.instances = directory / text(*parameters, "configuration-path", "confproxy");
  settings.published = directory / text(*parameters, "generated-conf-path", "public");
  settings.downloads = directory / "globalconf";
  auto found = read_address(*parameters);
  if (!found) return std::move(found).error();
  settings.address = *std::move(found);
  const auto oldest = parameters->number(name_of("minimum-global-configuration-version"), settings.oldest_version);
  if (oldest < globalconf::kOldestVersion || oldest > globalconf::kNewestVersion)
    return wrong("minimum-global-configuration-version", std::to_string(oldest), "a version from 2 to 6");
  settings.oldest_version = static_cast<int>(oldest);
  const std::string signature = text(*parameters, "signature-digest-algorithm-id", "SHA-512");
  auto by = digest("signature-digest-algorithm-id", signature, pki::digest_from_name(signature));
  if (!by) return std::move(by).error();
  settings.signature_digest = *by;
  const std::string hash = text(*parameters, "hash-algorithm-uri", pki::digest_uri(pki::DigestAlgorithm::sha512));
  by = digest("hash-algorithm-uri", hash, pki::digest_from_uri(hash));
  if (!by) return std::move(by).error();
  settings.part_hash = *by;
  settings.interval =
      std::max(parameters->seconds(name_of("update-interval"), settings.interval), std::chrono::seconds(1));
  settings.federations =
      globalconf::FederationFilter(parameters->text("configuration-client.allowed-federations", "none"));
  settings.verify_certificate = parameters->flag("configuration-client.global-conf-tls-cert-verification", true);
  settings.verify_host_name = parameters->flag("configuration-client.global-conf-hostname-verification", true);
  settings.listen_address = text(*parameters, "listen-address", settings.listen_address);
  for (const auto& [name, port] :
       {std::pair("listen-port", &settings.listen_port), std::pair("listen-tls-port", &settings.listen_tls_port)}) {
    const auto number = parameters->port(name_of(name), *port);
    if (!number) return number.error();
    *port = *number;
  }
  return settings;
}

}  // namespace causeway::configurationproxy
