// SPDX-License-Identifier: MIT
// The provider side of one exchange: a message from another Security Server is checked
// in the order of messages.md section 5, logged, served, answered.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/http_server.hpp"
#include "securityserver/provider/provider_protocol.hpp"
#include "securityserver/provider/service_caller.hpp"
#include "securityserver/transport/exchange_services.hpp"
#include "securityserver/transport/peer_verifier.hpp"

namespace causeway::securityserver {

class ProviderExchange {
 public:
  ProviderExchange(ExchangeServices services, PeerVerifier& peers, ServiceCaller& caller,
                   std::string minimum_client_version, MessageLimits limits)
      : services_(services),
        peers_(peers),
        caller_(caller),
        minimum_client_version_(std::move(minimum_client_version)),
        limits_(limits) {}

  // Answers the call in any case, with the service's response or a fault.
  net::Task<void> serve(net::ServerCall& call) const;

 private:
  struct Open;  // an exchange under way

  net::Task<Result<void>> exchange(net::ServerCall& call, Open& open) const;
  Result<void> check_client_version(const net::Headers& headers) const;
  Result<void> check_head(const net::ServerCall& call, Open& open) const;
  Result<const Service*> check_message(Open& open) const;
  net::Task<Result<void>> answer(net::ServerCall& call, const Service* service, Open& open) const;

  ExchangeServices services_;
  PeerVerifier& peers_;
  ServiceCaller& caller_;
  std::string minimum_client_version_;  // empty: none
  MessageLimits limits_;
};

// Whether semantic version `version` is at least `minimum`; nothing when one of them is none.
std::optional<bool> version_at_least(std::string_view version, std::string_view minimum);

}  // namespace causeway::securityserver
