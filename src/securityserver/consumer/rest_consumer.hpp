// SPDX-License-Identifier: MIT
// REST of information systems that call services (messages.md 2.5).
#pragma once

#include <optional>

#include "message/rest.hpp"
#include "securityserver/consumer/consumer_protocol.hpp"

namespace causeway::securityserver {

class RestConsumer final : public ConsumerProtocol {
 public:
  RestConsumer(net::ServerCall& call, std::string own_instance, std::string request_id)
      : call_(call), own_instance_(std::move(own_instance)), request_id_(std::move(request_id)) {}

  net::Task<Result<ExchangeFacts>> read_head() override;
  void add_transport_headers(net::Headers& headers) const override;
  std::string head_content_type() const override;
  net::Headers head_headers() const override { return {}; }
  ByteView head_bytes() const override { return as_bytes(head_); }
  net::Task<Result<void>> send_body(OutgoingMessage& message, BodyRecorder& recorder) override;
  bool ends_abandoned_request() const override { return false; }
  Result<void> read_response(const IncomingMessage& response) override;
  Result<void> check_response() const override;
  Bytes logged_request(bool with_body) const override;
  Bytes logged_response(bool with_body) const override;
  net::Task<Result<void>> answer(IncomingMessage& response, const std::string& original_content_type) override;
  net::Task<Result<void>> answer_fault(const Fault& fault, const message::SoapFault* raw) override;

 private:
  net::ServerCall& call_;
  std::string own_instance_, request_id_;
  std::optional<message::RestRequest> request_;
  std::string head_;
  Bytes head_digest_;  // once the head was sent
  std::optional<Bytes> body_digest_;
  std::optional<message::RestResponse> response_;
};

}  // namespace causeway::securityserver
