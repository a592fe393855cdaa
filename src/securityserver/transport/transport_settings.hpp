// SPDX-License-Identifier: MIT
// System parameters of the transport between Security Servers (messages.md section 10).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/parameters.hpp"
#include "net/http_server.hpp"
#include "net/tls.hpp"

namespace causeway::securityserver {

// Sent as x-proxy-version: what of X-Road this server keeps to.
inline constexpr std::string_view kCompatibleVersion = "7.8.0";

struct TransportSettings {
  std::string listen_address;        // proxy.server-listen-address
  std::uint16_t listen_port = 5500;  // proxy.server-listen-port
  std::uint16_t target_port = 5500;  // proxy.server-port
  std::string ocsp_listen_address;   // proxy.ocsp-responder-listen-address
  std::uint16_t ocsp_port = 5577;    // proxy.ocsp-responder-port
  std::chrono::milliseconds ocsp_connect_timeout{20000}, ocsp_read_timeout{30000};
  std::chrono::milliseconds connect_timeout{30000};  // proxy.client-timeout
  std::chrono::milliseconds response_timeout{0};     // proxy.client-httpclient-timeout, 0: none
  std::chrono::milliseconds idle_time{30000};        // proxy.server-connector-initial-idle-time
  bool limit_load = true;                            // anti-dos.enabled
  std::size_t max_connections = 5000;                // anti-dos.max-parallel-connections
  std::size_t min_free_handles = 100;                // anti-dos.min-free-file-handles
  bool reuse_connections = true;                     // proxy.pool-enable-connection-reuse
  bool serve_pooled_connections = true;              // proxy.server-support-clients-pooled-connections
  std::string minimum_client_version;                // proxy.server-min-supported-client-version
  std::chrono::seconds verdict_period{60};           // proxy.ocsp-verifier-cache-period
  net::TlsSuites suites;                             // proxy.xroad-tls-ciphers

  static TransportSettings from(const Parameters& parameters);
  // What [anti-dos] says, for any port that strangers reach.
  net::ServerLimits server_limits(std::chrono::milliseconds idle) const;
};

// Java's names of cipher suites ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"), comma-separated,
// in OpenSSL's; unknown ones are left out and logged.
std::string openssl_suites(std::string_view java_names);

}  // namespace causeway::securityserver
