// SPDX-License-Identifier: MIT
// What information systems reach on the client ports: which of REST, SOAP, metadata or
// evidence a request is (messages.md 2.1).
#pragma once

#include <string>

#include "net/http_server.hpp"
#include "securityserver/consumer/consumer_exchange.hpp"
#include "securityserver/consumer/evidence_download.hpp"

namespace causeway::securityserver {

class ConsumerService {
 public:
  // Both outlive this.
  ConsumerService(const ConsumerExchange& exchange, EvidenceDownload& evidence, const ExchangeServices& services,
                  std::size_t max_soap)
      : exchange_(exchange), evidence_(evidence), services_(services), max_soap_(max_soap) {}

  net::Task<void> serve(net::ServerCall& call) const;

 private:
  // Whatever needs no message: answered once the global configuration is valid.
  net::Task<void> serve_plain(net::ServerCall& call) const;
  static net::Task<Result<void>> list_clients(net::ServerCall& call, const globalconf::View& view);

  const ConsumerExchange& exchange_;
  EvidenceDownload& evidence_;
  ExchangeServices services_;
  std::size_t max_soap_;
};

// Whether the raw path is one that a strict reading of RFC 3986 leaves no doubt about:
// no empty segments, no encoded dots, percent signs, backslashes or control characters.
bool is_acceptable_path(std::string_view path);

}  // namespace causeway::securityserver
