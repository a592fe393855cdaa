// SPDX-License-Identifier: MIT
#include "securityserver/consumer/rest_consumer.hpp"

#include <array>

#include "domain/fault_code.hpp"
#include "message/headers.hpp"

namespace causeway::securityserver {
namespace {

// Headers that are added to an answer where it is sent.
constexpr std::size_t kFraming = 4;

}  // namespace

net::Task<Result<ExchangeFacts>> RestConsumer::read_head() {
  auto request = message::rest_request_from_http(call_.head(), own_instance_, request_id_);
  if (!request) co_return request.error();
  request_ = std::move(*request);
  head_ = request_->head();
  co_return ExchangeFacts{request_->client, request_->service, request_->id, request_->request_id,
                          request_->security_server};
}

void RestConsumer::add_transport_headers(net::Headers& headers) const {
  const std::string* content_type = call_.head().headers.find("content-type");
  headers.add(std::string(message::kOriginalContentType), content_type ? *content_type : "");
  headers.add(std::string(message::kMessageType), "REST");
}

std::string RestConsumer::head_content_type() const { return std::string(message::kTypeRestRequest); }

net::Task<Result<void>> RestConsumer::send_body(OutgoingMessage& message, BodyRecorder& recorder) {
  head_digest_ = message.head_digest();
  std::optional<pki::Hasher> hasher;
  for (;;) {
    if (auto sent = co_await message.flush_before(call_.body()); !sent) co_return sent;
    auto bytes = co_await read_message_octets(call_.body());
    if (!bytes) co_return bytes.error();
    if (bytes->empty()) break;
    if (!hasher) {
      hasher.emplace(pki::DigestAlgorithm::sha512);
      if (auto begun = co_await message.begin_rest_body(); !begun) co_return begun;
    }
    hasher->update(*bytes);
    if (auto kept = recorder.add(*bytes); !kept) co_return kept;
    if (auto sent = co_await message.data(*bytes); !sent) co_return sent;
  }
  if (hasher) body_digest_ = hasher->finish();
  co_return Result<void>();
}

Result<void> RestConsumer::read_response(const IncomingMessage& response) {
  if (response.kind != HeadKind::rest_response)
    return fault(FaultCode::missing_rest, "the answer holds no REST response");
  auto parsed = message::parse_rest_response(as_text(response.head));
  if (!parsed) return parsed.error().under(to_string(FaultCode::service_failed));
  response_ = std::move(*parsed);
  return {};
}

Result<void> RestConsumer::check_response() const {
  const std::optional<ByteView> body = body_digest_ ? std::optional<ByteView>(*body_digest_) : std::nullopt;
  return message::check_consistent(*request_, message::rest_request_hash(head_digest_, body), *response_);
}

Bytes RestConsumer::logged_request(bool with_body) const {
  return to_bytes(with_body ? head_ : message::filtered_head(*request_));
}

Bytes RestConsumer::logged_response(bool with_body) const {
  return to_bytes(with_body ? response_->head() : message::filtered_head(*response_));
}

net::Task<Result<void>> RestConsumer::answer(IncomingMessage& response, const std::string&) {
  net::ResponseHead head;
  head.status = response_->status;
  head.headers.reserve(response_->headers.size() + kFraming);
  for (const auto& [name, value] : response_->headers)
    if (!message::is_skipped_header(name)) head.headers.add(name, message::utf8_to_latin1(value, ' '));
  const bool no_content = call_.head().method == "HEAD" || head.status == 204 || head.status == 304;
  if (no_content || !response.rest_body) co_return co_await call_.respond(std::move(head), ByteView());
  if (response.rest_body->in_memory()) co_return co_await call_.respond(std::move(head), response.rest_body->memory());

  head.headers.add("Content-Length", std::to_string(response.rest_body->size()));
  auto writer = co_await call_.respond(std::move(head));
  if (!writer) co_return writer.error();
  if (auto copied = co_await copy_spool(*response.rest_body, **writer); !copied) co_return copied;
  co_return co_await (*writer)->finish();
}

net::Task<Result<void>> RestConsumer::answer_fault(const Fault& fault, const message::SoapFault*) {
  auto error = message::rest_error(fault, call_.head().headers);
  co_return co_await call_.respond(std::move(error.head), as_bytes(error.body));
}

}  // namespace causeway::securityserver
