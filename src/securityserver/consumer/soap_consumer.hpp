// SPDX-License-Identifier: MIT
// SOAP of information systems that call services (messages.md 2.3, 2.4).
#pragma once

#include <memory>
#include <optional>

#include "message/soap.hpp"
#include "securityserver/consumer/consumer_protocol.hpp"
#include "securityserver/transport/soap_parts.hpp"

namespace causeway::securityserver {

class SoapConsumer final : public ConsumerProtocol {
 public:
  SoapConsumer(net::ServerCall& call, std::string request_id, std::size_t max_soap)
      : call_(call), request_id_(std::move(request_id)), max_soap_(max_soap) {}

  net::Task<Result<ExchangeFacts>> read_head() override;
  void add_transport_headers(net::Headers& headers) const override;
  std::string head_content_type() const override { return parts_->soap_content_type(); }
  net::Headers head_headers() const override { return parts_->soap_headers(); }
  ByteView head_bytes() const override { return request_->bytes; }
  net::Task<Result<void>> send_body(OutgoingMessage& message, BodyRecorder& recorder) override;
  bool ends_abandoned_request() const override { return true; }
  Result<void> read_response(const IncomingMessage& response) override;
  Result<void> check_response() const override;
  Bytes logged_request(bool with_body) const override;
  Bytes logged_response(bool with_body) const override;
  net::Task<Result<void>> answer(IncomingMessage& response, const std::string& original_content_type) override;
  net::Task<Result<void>> answer_fault(const Fault& fault, const message::SoapFault* raw) override;

 private:
  net::ServerCall& call_;
  std::string request_id_;
  std::size_t max_soap_;
  std::string soap_action_;
  std::unique_ptr<SoapPartsReader> parts_;
  std::optional<message::SoapMessage> request_, response_;
};

}  // namespace causeway::securityserver
