// SPDX-License-Identifier: MIT
#include "securityserver/provider/soap_provider.hpp"

#include "domain/fault_code.hpp"
#include "message/headers.hpp"
#include "securityserver/transport/logged_message.hpp"
#include "securityserver/transport/soap_parts.hpp"

namespace causeway::securityserver {
namespace {

Fault of_service(const Fault& fault) { return fault.under(to_string(FaultCode::service_failed)); }

}  // namespace

Result<void> SoapProvider::check_transport(const net::Headers& headers) {
  const std::string* type = headers.find(message::kOriginalContentType);
  if (!type || type->empty())
    return fault(FaultCode::internal_error, "the transport message has no x-original-content-type header");
  original_content_type_ = *type;
  if (const std::string* action = headers.find(message::kOriginalSoapAction)) {
    if (auto valid = message::check_soap_action(*action); !valid) return valid;
    soap_action_ = *action;
  }
  const std::string* id = headers.find(message::kRequestId);
  request_id_ = id ? *id : "";
  return {};
}

Result<ExchangeFacts> SoapProvider::read_head(const IncomingMessage& request) {
  if (request.kind != HeadKind::soap)
    return fault(FaultCode::missing_soap, "the transport message holds no SOAP message");
  auto soap = message::parse_soap(request.head, request.head_content_type);
  if (!soap) return soap.error();
  if (!std::holds_alternative<message::SoapMessage>(*soap))
    return fault(FaultCode::missing_soap, "the transport message holds a SOAP Fault in place of a request");
  request_ = std::get<message::SoapMessage>(*std::move(soap));
  const auto& header = request_->header;
  return ExchangeFacts{header.client, header.service, header.id, request_id_, header.security_server};
}

Result<void> SoapProvider::check_target(const ServerId& own) const {
  const auto& target = request_->header.security_server;
  if (!target || *target == own) return {};
  return fault(FaultCode::invalid_security_server,
               "the message is for " + target->to_string() + ", this is " + own.to_string());
}

Bytes SoapProvider::logged_request(bool with_body) const { return logged_soap(*request_, false, with_body); }

Bytes SoapProvider::logged_response(bool with_body) const { return logged_soap(*response_, true, with_body); }

net::Task<Result<void>> SoapProvider::serve(const Client& provider, const Service* service, IncomingMessage& request,
                                            ProviderAnswer& answer) {
  if (!service) {
    auto answered = co_await answer_metadata(provider, answer);
    co_return answered;
  }
  auto called = co_await call_service(provider, *service, request, answer);
  co_return called;
}

net::Task<Result<void>> SoapProvider::call_service(const Client& provider, const Service& service,
                                                   IncomingMessage& request, ProviderAnswer& answer) {
  auto call = co_await caller_.open(provider, service, service.url);
  if (!call && (call.error().code == to_string(FaultCode::service_missing_url) ||
                call.error().code == to_string(FaultCode::service_malformed_url)))
    co_return call.error();
  if (!call) co_return of_service(call.error());
  auto url = net::Url::parse(service.url);
  const std::string where = "service " + service.code + " at " + service.url;
  if (auto sent = co_await send_to_service(**call, *url, request); !sent) {
    const Fault failed = co_await ServiceCaller::of_sending(**call, sent.error());
    co_return of_service(failed.while_doing(where));
  }
  auto received = co_await receive_from_service(**call, answer);
  if (received || received.error().code.starts_with("logging_failed")) co_return received;
  co_return of_service(ServiceCaller::of_connection(received.error()).while_doing(where));
}

net::Task<Result<void>> SoapProvider::send_to_service(net::ClientCall& call, const net::Url& url,
                                                      IncomingMessage& request) {
  const SoapBody body = soap_body_for(original_content_type_, !request.attachments.empty());
  net::RequestHead head;
  head.method = "POST";
  head.target = url.target;
  head.headers.add("Content-Type", body.content_type);
  head.headers.add("SOAPAction", soap_action_);
  head.headers.add("accept-encoding", "");
  auto writer = co_await call.request(std::move(head));
  if (!writer) co_return writer.error();
  auto written = co_await write_soap_body(body, request, request_->bytes, **writer);
  co_return written;
}

net::Task<Result<void>> SoapProvider::receive_from_service(net::ClientCall& call, ProviderAnswer& answer) {
  auto http = co_await call.response();
  if (!http) co_return http.error();
  if (http->status != 200 && http->status != 500)
    co_return fault(FaultCode::http_error, "the service answered with HTTP status " + std::to_string(http->status));
  const std::string* type = http->headers.find("content-type");
  if (!type) co_return fault(FaultCode::invalid_content_type, "the service's answer has no Content-Type header");
  // From the parsing of the response on a failure travels inside the multipart message.
  if (auto begun = co_await answer.begin(*type); !begun) co_return begun;
  auto parts = SoapPartsReader::make(call.body(), *type, max_soap_);
  if (!parts) co_return parts.error();
  auto soap = co_await (*parts)->read_soap();
  if (!soap && soap.error().code == to_string(FaultCode::missing_soap))
    co_return fault(FaultCode::invalid_message, "the service's answer holds no message");
  if (!soap) co_return soap.error();
  if (const auto* sent_fault = std::get_if<message::SoapFault>(&*soap)) {
    const std::string xml = to_text(sent_fault->bytes);
    co_await answer.fail(xml);
    co_return Result<void>();
  }
  auto response = message::with_request_hash(std::get<message::SoapMessage>(*soap), request_->bytes);
  if (!response) co_return response.error();
  response_ = *std::move(response);
  net::Headers part_headers = (*parts)->soap_headers();
  part_headers.remove("content-length");  // the SOAP has grown by its request's hash
  auto head = co_await answer.message().head((*parts)->soap_content_type(), response_->bytes, part_headers);
  if (!head) co_return head;
  auto sent = co_await (*parts)->send_attachments(answer.message());
  co_return sent;
}

net::Task<Result<void>> SoapProvider::answer_metadata(const Client& provider, ProviderAnswer& answer) {
  const DescriptionFetch fetch = [this, &provider](const Service& service, const std::string& url) {
    return caller_.fetch(provider, service, url);
  };
  auto metadata = co_await soap_metadata(*request_, provider, *view_, fetch);
  if (!metadata) co_return metadata.error();
  auto response = message::with_request_hash(metadata->soap, request_->bytes);
  if (!response) co_return response.error();
  response_ = *std::move(response);
  if (auto begun = co_await answer.begin(metadata->content_type); !begun) co_return begun;
  if (auto sent = co_await answer.message().head("text/xml; charset=UTF-8", response_->bytes); !sent) co_return sent;
  if (!metadata->wsdl) co_return Result<void>();
  if (auto begun = co_await answer.message().begin_attachment(metadata->attachment_headers); !begun) co_return begun;
  auto sent = co_await answer.message().data(as_bytes(*metadata->wsdl));
  co_return sent;
}

}  // namespace causeway::securityserver
