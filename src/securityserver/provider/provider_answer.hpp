// SPDX-License-Identifier: MIT
// The transport answer of a provider side while it is made: message, body, and in the
// end a signature or a fault, in the forms of messages.md 4.8.
#pragma once

#include <string>
#include <string_view>

#include "net/http_server.hpp"
#include "securityserver/messagelog/logging_policy.hpp"
#include "securityserver/transport/outgoing_message.hpp"

namespace causeway::securityserver {

class ProviderAnswer {
 public:
  ProviderAnswer(net::ServerCall& call, BodyLogging logging) : call_(call), recorder_(logging) {}

  // Sends the HTTP head: from here on a failure travels inside the multipart message.
  // `original_content_type` is the service's, for SOAP; empty for REST.
  net::Task<Result<void>> begin(std::string original_content_type);
  bool begun() const { return begun_; }

  OutgoingMessage& message() { return message_; }
  BodyRecorder& recorder() { return recorder_; }

  // A fault, however far the answer has come. `xml` as it stands on the wire.
  net::Task<void> fail(std::string_view xml);
  // The service answered with a fault of its own, which has been passed on (unsigned,
  // not logged): nothing more is to be sent.
  bool ended() const { return ended_; }

 private:
  net::ServerCall& call_;
  BodyRecorder recorder_;
  OutgoingMessage message_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace causeway::securityserver
