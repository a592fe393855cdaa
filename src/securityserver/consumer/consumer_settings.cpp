// SPDX-License-Identifier: MIT
#include "securityserver/consumer/consumer_settings.hpp"

#include <algorithm>

#include "securityserver/transport/transport_settings.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::string_view kSuites =
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:DHE-RSA-AES256-SHA256:DHE-RSA-AES128-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256";
constexpr std::string_view kTls13Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

}  // namespace

net::Endpoint ConsumerSettings::own_https_endpoint() const {
  const bool everywhere = address == "0.0.0.0" || address == "::";
  return {everywhere ? "localhost" : address, https_port};
}

ConsumerSettings ConsumerSettings::from(const Parameters& p) {
  ConsumerSettings s;
  s.address = p.text("proxy.connector-host", "0.0.0.0");
  s.http_port =
      static_cast<std::uint16_t>(std::clamp<std::int64_t>(p.number("proxy.client-http-port", 8080), 0, 65535));
  s.https_port =
      static_cast<std::uint16_t>(std::clamp<std::int64_t>(p.number("proxy.client-https-port", 8443), 0, 65535));
  s.idle_time = p.millis("proxy.client-connector-initial-idle-time", s.idle_time);
  s.fastest_period = p.seconds("proxy.client-fastest-connecting-ssl-uri-cache-period", s.fastest_period);
  s.max_soap =
      static_cast<std::size_t>(std::max<std::int64_t>(1024, p.number("proxy.max-soap-message-size", 32 << 20)));
  const std::string named = p.text("proxy.client-tls-ciphers", "");
  s.suites.tls12 = named.empty() ? std::string(kSuites) : openssl_suites(named);
  const std::string protocols = p.text("proxy.client-tls-protocols", "TLSv1.2,TLSv1.3");
  if (protocols.find("TLSv1.3") != std::string::npos) s.suites.tls13 = kTls13Suites;
  return s;
}

}  // namespace causeway::securityserver
