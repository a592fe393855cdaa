// SPDX-License-Identifier: MIT
// What information systems reach on the client ports: which of REST, SOAP or metadata a
// request is (messages.md 2.1).
#pragma once

#include <string>

#include "net/http_server.hpp"
#include "securityserver/consumer/consumer_exchange.hpp"

namespace causeway::securityserver {

class ConsumerService {
 public:
  ConsumerService(const ConsumerExchange& exchange, const ExchangeServices& services, std::size_t max_soap)
      : exchange_(exchange), services_(services), max_soap_(max_soap) {}

  net::Task<void> serve(net::ServerCall& call) const;

 private:
  net::Task<void> list_clients(net::ServerCall& call) const;

  const ConsumerExchange& exchange_;
  ExchangeServices services_;
  std::size_t max_soap_;
};

// Whether the raw path is one that a strict reading of RFC 3986 leaves no doubt about:
// no empty segments, no encoded dots, percent signs, backslashes or control characters.
bool is_acceptable_path(std::string_view path);

}  // namespace causeway::securityserver
