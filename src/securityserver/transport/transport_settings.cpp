// SPDX-License-Identifier: MIT
#include "securityserver/transport/transport_settings.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/log.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kSuites{{
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE-RSA-AES128-GCM-SHA256"},
    {"TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "ECDHE-RSA-AES256-SHA384"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "ECDHE-ECDSA-AES256-SHA384"},
    {"TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", "DHE-RSA-AES128-SHA256"},
    {"TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", "DHE-RSA-AES256-SHA256"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "DHE-RSA-CHACHA20-POLY1305"},
}};

// X-Road's own three last, so that a Java peer finds one and a Causeway peer a better one.
constexpr std::string_view kTransportSuites =
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA384:DHE-RSA-AES256-SHA256";
constexpr std::string_view kTls13Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

std::uint16_t port(const Parameters& parameters, std::string_view name, std::uint16_t otherwise) {
  const auto value = parameters.number(name, otherwise);
  if (value >= 0 && value <= 65535) return static_cast<std::uint16_t>(value);
  log::warn("parameter {} is no port: {}; using {}", name, value, otherwise);
  return otherwise;
}

}  // namespace

std::string openssl_suites(std::string_view java_names) {
  std::string suites;
  while (!java_names.empty()) {
    const auto comma = java_names.find(',');
    std::string_view name = java_names.substr(0, comma);
    java_names.remove_prefix(comma == std::string_view::npos ? java_names.size() : comma + 1);
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    name = name.substr(0, name.find_last_not_of(' ') + 1);
    const auto found =
        std::find_if(kSuites.begin(), kSuites.end(), [&](const auto& pair) { return pair.first == name; });
    if (found == kSuites.end()) {
      log::warn("TLS cipher suite '{}' is not known and left out", name);
      continue;
    }
    suites += (suites.empty() ? "" : ":") + std::string(found->second);
  }
  return suites;
}

TransportSettings TransportSettings::from(const Parameters& p) {
  TransportSettings s;
  s.listen_address = p.text("proxy.server-listen-address", "0.0.0.0");
  s.listen_port = port(p, "proxy.server-listen-port", 5500);
  s.target_port = port(p, "proxy.server-port", 5500);
  s.ocsp_listen_address = p.text("proxy.ocsp-responder-listen-address", "0.0.0.0");
  s.ocsp_port = port(p, "proxy.ocsp-responder-port", 5577);
  s.ocsp_connect_timeout = p.millis("proxy.ocsp-responder-client-connect-timeout", s.ocsp_connect_timeout);
  s.ocsp_read_timeout = p.millis("proxy.ocsp-responder-client-read-timeout", s.ocsp_read_timeout);
  s.connect_timeout = p.millis("proxy.client-timeout", s.connect_timeout);
  s.response_timeout = p.millis("proxy.client-httpclient-timeout", s.response_timeout);
  s.idle_time = p.millis("proxy.server-connector-initial-idle-time", s.idle_time);
  s.limit_load = p.flag("anti-dos.enabled", true);
  s.max_connections =
      static_cast<std::size_t>(std::max<std::int64_t>(1, p.number("anti-dos.max-parallel-connections", 5000)));
  s.min_free_handles =
      static_cast<std::size_t>(std::max<std::int64_t>(0, p.number("anti-dos.min-free-file-handles", 100)));
  s.reuse_connections = p.flag("proxy.pool-enable-connection-reuse", true);
  s.serve_pooled_connections = p.flag("proxy.server-support-clients-pooled-connections", true);
  s.minimum_client_version = p.text("proxy.server-min-supported-client-version", "");
  s.verdict_period =
      std::min(p.seconds("proxy.ocsp-verifier-cache-period", s.verdict_period), std::chrono::seconds{180});
  const std::string named = p.text("proxy.xroad-tls-ciphers", "");
  s.suites = named.empty() ? net::TlsSuites{std::string(kTransportSuites), std::string(kTls13Suites)}
                           : net::TlsSuites{openssl_suites(named), ""};
  return s;
}

net::ServerLimits TransportSettings::server_limits(std::chrono::milliseconds idle) const {
  net::ServerLimits limits;
  limits.idle_time = idle;
  limits.max_connections = limit_load ? max_connections : std::numeric_limits<std::size_t>::max();
  limits.min_free_handles = limit_load ? min_free_handles : 0;
  return limits;
}

}  // namespace causeway::securityserver
