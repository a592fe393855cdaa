// SPDX-License-Identifier: MIT
// What the exchange needs to know of a request, whatever its protocol.
#pragma once

#include <optional>
#include <string>

#include "domain/identifiers.hpp"

namespace causeway::securityserver {

struct ExchangeFacts {
  ClientId client;
  ServiceId service;
  std::string id;                           // x-road-id
  std::string request_id;                   // x-road-request-id
  std::optional<ServerId> security_server;  // targeted
};

// "client -> service, id": how log lines name an exchange.
inline std::string describe(const ExchangeFacts& facts) {
  return facts.client.to_string() + " -> " + facts.service.to_string() + ", id " + facts.id + ", request id " +
         facts.request_id;
}

}  // namespace causeway::securityserver
