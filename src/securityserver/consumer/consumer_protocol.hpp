// SPDX-License-Identifier: MIT
// What differs between SOAP and REST on the consumer side; the exchange itself is one.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/http_server.hpp"
#include "securityserver/messagelog/logging_policy.hpp"
#include "securityserver/transport/exchange_facts.hpp"
#include "securityserver/transport/incoming_message.hpp"
#include "securityserver/transport/outgoing_message.hpp"

namespace causeway::securityserver {

class ConsumerProtocol {
 public:
  virtual ~ConsumerProtocol() = default;

  // Reads the information system's message up to where the provider is known. Faults
  // of its making carry the origin "client".
  virtual net::Task<Result<ExchangeFacts>> read_head() = 0;

  // Of the HTTP request to the other security server (messages.md 4.3).
  virtual void add_transport_headers(net::Headers& headers) const = 0;
  virtual std::string head_content_type() const = 0;
  virtual net::Headers head_headers() const = 0;  // the part's other MIME headers
  virtual ByteView head_bytes() const = 0;
  // The rest of the information system's message, while it arrives.
  virtual net::Task<Result<void>> send_body(OutgoingMessage& message, BodyRecorder& recorder) = 0;
  // SOAP ends an abandoned request without signature, REST cuts the connection and
  // reports every failure of its making as io_error (messages.md 4.8, section 6).
  virtual bool ends_abandoned_request() const = 0;

  // Reads the answer's head; missing_soap, missing_rest, and what the parsers say.
  virtual Result<void> read_response(const IncomingMessage& response) = 0;
  // Holds it against the request. inconsistent_response.
  virtual Result<void> check_response() const = 0;

  // As the log stores them, with or without body (evidence.md 4.1).
  virtual Bytes logged_request(bool with_body) const = 0;
  virtual Bytes logged_response(bool with_body) const = 0;

  // `original_content_type` is the provider's, from the transport header.
  virtual net::Task<Result<void>> answer(IncomingMessage& response, const std::string& original_content_type) = 0;
  // `raw` is the fault as the peer sent it, if it did.
  virtual net::Task<Result<void>> answer_fault(const Fault& fault, const message::SoapFault* raw) = 0;
};

}  // namespace causeway::securityserver
