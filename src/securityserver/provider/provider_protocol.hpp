// SPDX-License-Identifier: MIT
// What differs between SOAP and REST on the provider side; the exchange itself is one.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/http_server.hpp"
#include "securityserver/access/access_rights.hpp"
#include "securityserver/messagelog/logging_policy.hpp"
#include "securityserver/provider/provider_answer.hpp"
#include "securityserver/transport/exchange_facts.hpp"
#include "securityserver/transport/incoming_message.hpp"

namespace causeway::securityserver {

class ProviderProtocol {
 public:
  virtual ~ProviderProtocol() = default;

  // Checks of the transport headers that come before the message.
  virtual Result<void> check_transport(const net::Headers& headers) = 0;
  // Reads the message part. missing_soap and the like when it is not there.
  virtual Result<ExchangeFacts> read_head(const IncomingMessage& request) = 0;
  // SOAP only: that a targeted message has come to the right server.
  virtual Result<void> check_target(const ServerId& own) const = 0;
  // What is asked for, once the whole message is there; empty for SOAP. internal_error
  // when the path cannot be normalised.
  virtual Result<std::optional<RequestedEndpoint>> requested_endpoint() const = 0;
  // A service of the server itself (metadata), which needs no right.
  virtual bool is_metadata() const = 0;
  virtual Bytes logged_request(bool with_body) const = 0;

  // Calls the service, or answers for it, and hands the response to `answer`.
  virtual net::Task<Result<void>> serve(const Client& provider, const Service* service, IncomingMessage& request,
                                        ProviderAnswer& answer) = 0;
  virtual Bytes logged_response(bool with_body) const = 0;
};

}  // namespace causeway::securityserver
