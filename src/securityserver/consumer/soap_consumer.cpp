// SPDX-License-Identifier: MIT
#include "securityserver/consumer/soap_consumer.hpp"

#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/headers.hpp"
#include "securityserver/transport/logged_message.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::chrono::seconds kSoapTime{30};  // messages.md section 10

}  // namespace

net::Task<Result<ExchangeFacts>> SoapConsumer::read_head() {
  const auto& head = call_.head();
  if (head.method != "POST")
    co_return fault(FaultCode::invalid_http_method, "SOAP is sent with POST, not " + head.method).under(kOriginClient);
  const std::string* content_type = head.headers.find("content-type");
  if (!content_type) co_return fault(FaultCode::internal_error, "the request has no Content-Type header");
  const std::string* action = head.headers.find("soapaction");
  if (auto valid = message::check_soap_action(action ? std::optional(*action) : std::nullopt); !valid)
    co_return valid.error().under(kOriginClient);
  if (action) soap_action_ = *action;

  auto parts = SoapPartsReader::make(call_.body(), *content_type, max_soap_);
  if (!parts) co_return parts.error().under(kOriginClient);
  parts_ = *std::move(parts);
  auto soap = co_await parts_->read_soap(std::chrono::steady_clock::now() + kSoapTime);
  if (!soap) co_return parts_->input_failed() ? soap.error().under(kOriginClient) : soap.error();
  if (const auto* sent_fault = std::get_if<message::SoapFault>(&*soap)) {
    std::string code;
    for (const char c : sent_fault->code) code += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    co_return Fault{std::string(kOriginClient) + "." + code, sent_fault->text};
  }
  request_ = std::get<message::SoapMessage>(*std::move(soap));
  const auto& header = request_->header;
  co_return ExchangeFacts{header.client, header.service, header.id, request_id_, header.security_server};
}

void SoapConsumer::add_transport_headers(net::Headers& headers) const {
  headers.add(std::string(message::kOriginalContentType), *call_.head().headers.find("content-type"));
  headers.add(std::string(message::kOriginalSoapAction), soap_action_);
}

net::Task<Result<void>> SoapConsumer::send_body(OutgoingMessage& message, BodyRecorder&) {
  auto sent = co_await parts_->send_attachments(message);
  if (!sent && parts_->input_failed()) co_return sent.error().under(kOriginClient);
  co_return sent;
}

Result<void> SoapConsumer::read_response(const IncomingMessage& response) {
  if (response.kind != HeadKind::soap) return fault(FaultCode::missing_soap, "the answer holds no SOAP message");
  auto soap = message::parse_soap(response.head, response.head_content_type);
  if (!soap) return soap.error().under(to_string(FaultCode::service_failed));
  if (!std::holds_alternative<message::SoapMessage>(*soap))
    return fault(FaultCode::missing_soap, "the answer holds no SOAP message");
  response_ = std::get<message::SoapMessage>(*std::move(soap));
  return {};
}

Result<void> SoapConsumer::check_response() const { return message::check_consistent(*request_, *response_); }

Bytes SoapConsumer::logged_request(bool with_body) const { return logged_soap(*request_, false, with_body); }

Bytes SoapConsumer::logged_response(bool with_body) const { return logged_soap(*response_, true, with_body); }

net::Task<Result<void>> SoapConsumer::answer(IncomingMessage& response, const std::string& original_content_type) {
  const SoapBody body = soap_body_for(original_content_type, !response.attachments.empty());
  net::ResponseHead head;
  head.headers.add("Content-Type", body.multipart ? message::with_utf8_charset(body.content_type) : body.content_type);
  if (!body.multipart) co_return co_await call_.respond(std::move(head), response_->bytes);
  auto writer = co_await call_.respond(std::move(head));
  if (!writer) co_return writer.error();
  co_return co_await write_soap_body(body, response, response_->bytes, **writer);
}

net::Task<Result<void>> SoapConsumer::answer_fault(const Fault& fault, const message::SoapFault* raw) {
  net::ResponseHead head;
  head.headers.add("Content-Type", "text/xml;charset=utf-8");
  head.headers.add("SOAPAction", "");
  const std::string xml = raw ? to_text(raw->bytes) : message::soap_fault_xml(fault);
  co_return co_await call_.respond(std::move(head), as_bytes(xml));
}

}  // namespace causeway::securityserver
