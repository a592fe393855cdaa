// SPDX-License-Identifier: MIT
// System parameters of the client ports (messages.md 2.1, section 10).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/parameters.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"

namespace causeway::securityserver {

struct ConsumerSettings {
  std::string address;                         // proxy.connector-host
  std::uint16_t http_port = 8080;              // proxy.client-http-port
  std::uint16_t https_port = 8443;             // proxy.client-https-port
  std::chrono::milliseconds idle_time{30000};  // proxy.client-connector-initial-idle-time
  std::chrono::seconds fastest_period{3600};   // proxy.client-fastest-connecting-ssl-uri-cache-period
  std::size_t max_soap = 32UL << 20;           // proxy.max-soap-message-size, octets
  net::TlsSuites suites;                       // proxy.client-tls-ciphers, -protocols

  // Where processes of this machine reach the HTTPS port.
  net::Endpoint own_https_endpoint() const;

  static ConsumerSettings from(const Parameters& parameters);
};

}  // namespace causeway::securityserver
