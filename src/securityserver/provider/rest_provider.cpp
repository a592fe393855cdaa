// SPDX-License-Identifier: MIT
#include "securityserver/provider/rest_provider.hpp"

#include "domain/fault_code.hpp"
#include "message/headers.hpp"
#include "message/metadata.hpp"
#include "securityserver/access/service_path.hpp"

namespace causeway::securityserver {
namespace {

// Headers that are added to a request where it is sent.
constexpr std::size_t kFraming = 4;

// The service's URL, the rest of the path, the query (messages.md 3.2).
std::string service_address(const Service& service, const message::RestRequest& request) {
  std::string_view path = request.service_path;
  if (service.url.ends_with('/') && path.starts_with('/')) path.remove_prefix(1);
  std::string address;
  address.reserve(service.url.size() + path.size() + 1 + (request.query ? request.query->size() : 0));
  address.append(service.url).append(path);
  if (request.query) address.append("?").append(*request.query);
  return address;
}

bool forwards_body(const std::string& verb) { return verb == "POST" || verb == "PUT" || verb == "PATCH"; }

bool has_entity(const std::string& verb, int status) {
  return verb != "HEAD" && status != 204 && status != 205 && status != 304;
}

}  // namespace

Result<void> RestProvider::check_transport(const net::Headers& headers) {
  const std::string* id = headers.find(message::kRequestId);
  if (!id || id->empty())
    return fault(FaultCode::internal_error, "the transport message has no x-road-request-id header");
  request_id_ = *id;
  return {};
}

Result<ExchangeFacts> RestProvider::read_head(const IncomingMessage& request) {
  if (request.kind != HeadKind::rest_request)
    return fault(FaultCode::internal_error, "the transport message holds no REST request");
  auto parsed = message::parse_rest_request(as_text(request.head));
  if (!parsed) return parsed.error();
  request_ = std::move(*parsed);
  request_head_ = request_->head();
  return ExchangeFacts{request_->client, request_->service, request_->id, request_->request_id,
                       request_->security_server};
}

Result<std::optional<RequestedEndpoint>> RestProvider::requested_endpoint() const {
  auto path = normalise_service_path(request_->service_path);
  if (!path) return path.error();
  return std::optional(RequestedEndpoint{request_->verb, *std::move(path)});
}

Bytes RestProvider::logged_request(bool with_body) const {
  return to_bytes(with_body ? request_head_ : message::filtered_head(*request_));
}

Bytes RestProvider::logged_response(bool with_body) const {
  return to_bytes(with_body ? response_head_ : message::filtered_head(*response_));
}

net::Task<Result<void>> RestProvider::serve(const Client& provider, const Service* service, IncomingMessage& request,
                                            ProviderAnswer& answer) {
  // From here on a failure travels inside the multipart message (messages.md 4.8).
  if (auto begun = co_await answer.begin(""); !begun) co_return begun;
  const Bytes head_digest = pki::digest(pki::DigestAlgorithm::sha512, as_bytes(request_head_));
  std::optional<ByteView> body;
  if (request.rest_body && service) body = request.rest_body_digest;
  request_hash_ = message::rest_request_hash(head_digest, body);
  if (service) {
    auto called = co_await call_service(provider, *service, request, answer);
    co_return called;
  }
  auto answered = co_await answer_metadata(provider, answer);
  co_return answered;
}

net::Task<Result<void>> RestProvider::call_service(const Client& provider, const Service& service,
                                                   IncomingMessage& request, ProviderAnswer& answer) {
  const std::string address = service.url.empty() ? std::string() : service_address(service, *request_);
  auto call = co_await caller_.open(provider, service, address);
  if (!call) co_return call.error();
  auto url = net::Url::parse(address);
  const auto where = [&service] { return "service " + service.code + " at " + service.url; };
  if (auto sent = co_await send_to_service(**call, *url, request); !sent) {
    const Fault failed = co_await ServiceCaller::of_sending(**call, sent.error());
    co_return failed.while_doing(where());
  }
  auto http = co_await (*call)->response();
  if (!http) co_return ServiceCaller::of_connection(http.error()).while_doing(where());
  if (auto sent = co_await send_head(*http, request_hash_, answer); !sent) co_return sent;
  if (!has_entity(request_->verb, http->status)) co_return Result<void>();

  if (auto begun = co_await answer.message().begin_rest_body(); !begun) co_return begun;
  for (;;) {
    if (auto sent = co_await answer.message().flush_before((*call)->body()); !sent) co_return sent;
    auto bytes = co_await (*call)->body().read_some();
    if (!bytes) co_return bytes.error().while_doing("answer of " + where());
    if (bytes->empty()) co_return Result<void>();
    if (auto kept = answer.recorder().add(*bytes); !kept) co_return kept;
    if (auto sent = co_await answer.message().data(*bytes); !sent) co_return sent;
  }
}

net::Task<Result<void>> RestProvider::send_to_service(net::ClientCall& call, const net::Url& url,
                                                      IncomingMessage& request) {
  net::RequestHead head;
  head.method = request_->verb;
  head.target = url.target;
  head.headers.reserve(request_->headers.size() + kFraming);
  for (const auto& [name, value] : request_->headers) head.headers.add(name, message::utf8_to_latin1(value, '?'));
  const Spool* body = forwards_body(request_->verb) ? request.rest_body.get() : nullptr;
  if (forwards_body(request_->verb))
    head.headers.add("Content-Length", std::to_string(body ? body->size() : 0));
  else
    head.headers.remove("content-length");
  auto writer = co_await call.request(std::move(head));
  if (!writer) co_return writer.error();
  if (body)
    if (auto copied = co_await copy_spool(*body, **writer); !copied) co_return copied;
  auto finished = co_await (*writer)->finish();
  co_return finished;
}

net::Task<Result<void>> RestProvider::send_head(const net::ResponseHead& http, const std::string& request_hash,
                                                ProviderAnswer& answer) {
  auto response = message::rest_response_from_http(http, *request_, request_id_, request_hash);
  if (!response) co_return response.error();
  response_ = std::move(*response);
  response_head_ = response_->head();
  auto sent = co_await answer.message().head(message::kTypeRestResponse, as_bytes(response_head_));
  co_return sent;
}

net::Task<Result<void>> RestProvider::answer_metadata(const Client& provider, ProviderAnswer& answer) {
  const DescriptionFetch fetch = [this, &provider](const Service& service, const std::string& url) {
    return caller_.fetch(provider, service, url);
  };
  auto metadata = co_await rest_metadata(*request_, provider, *view_, fetch);
  if (!metadata) co_return metadata.error();
  response_ = message::rest_metadata_response(*request_, request_id_, metadata->content_type);
  response_head_ = response_->head();
  if (auto sent = co_await answer.message().head(message::kTypeRestResponse, as_bytes(response_head_)); !sent)
    co_return sent;
  if (auto begun = co_await answer.message().begin_rest_body(); !begun) co_return begun;
  if (auto kept = answer.recorder().add(as_bytes(metadata->body)); !kept) co_return kept;
  auto sent = co_await answer.message().data(as_bytes(metadata->body));
  co_return sent;
}

}  // namespace causeway::securityserver
