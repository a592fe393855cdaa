// SPDX-License-Identifier: MIT
// The consumer side of one exchange: from the information system's request to its
// answer, in the order of messages.md section 5.
#pragma once

#include <memory>
#include <string>

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "securityserver/consumer/client_authentication.hpp"
#include "securityserver/consumer/consumer_protocol.hpp"
#include "securityserver/consumer/peer_connector.hpp"
#include "securityserver/transport/exchange_services.hpp"

namespace causeway::securityserver {

class ConsumerExchange {
 public:
  ConsumerExchange(ExchangeServices services, ClientAuthentication authentication, PeerConnector& connector)
      : services_(services), authentication_(std::move(authentication)), connector_(connector) {}

  // Answers the call in any case, with the service's response or a fault.
  net::Task<void> run(ConsumerProtocol& protocol, net::ServerCall& call) const;

 private:
  struct Open;  // an exchange under way

  net::Task<Result<void>> exchange(ConsumerProtocol& protocol, net::ServerCall& call, Open& open) const;
  net::Task<Result<void>> send_request(ConsumerProtocol& protocol, net::ClientCall& peer, Open& open) const;
  net::Task<Result<void>> produce_request(ConsumerProtocol& protocol, OutgoingMessage& message, Open& open) const;
  net::Task<Result<void>> receive_response(ConsumerProtocol& protocol, net::ClientCall& peer, Open& open) const;
  net::Task<Result<void>> accept_response(ConsumerProtocol& protocol, IncomingMessage& response, Open& open) const;

  ExchangeServices services_;
  ClientAuthentication authentication_;
  PeerConnector& connector_;
};

}  // namespace causeway::securityserver
