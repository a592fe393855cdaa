// SPDX-License-Identifier: MIT
#include "securityserver/transport/ocsp_exchange.hpp"

#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/headers.hpp"
#include "message/multipart.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxAnswer = 1 << 20;

// Keeps the OCSP parts of an answer; other parts are passed over.
class Collector final : public message::MultipartHandler {
 public:
  explicit Collector(std::size_t expected) : expected_(expected) {}

  Result<void> part_begin(const net::Headers& headers) override {
    const std::string* type = headers.find("content-type");
    wanted_ = type && type->starts_with(message::kTypeOcsp);
    if (!wanted_) return {};
    if (responses.size() == expected_)
      return fault(FaultCode::cert_validation,
                   "the peer gave more OCSP responses than the " + std::to_string(expected_) + " asked for");
    responses.emplace_back();
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    if (wanted_) responses.back().insert(responses.back().end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> part_end() override { return {}; }

  std::vector<Bytes> responses;

 private:
  std::size_t expected_;
  bool wanted_ = false;
};

net::Task<void> refuse(net::ServerCall& call, std::string why) {
  log::info("OCSP responses refused to {}: {}", call.peer_address(), why);
  net::ResponseHead head;
  head.status = 500;
  head.headers.add("Content-Type", "text/plain; charset=utf-8");
  (void)co_await call.respond(std::move(head), as_bytes(why));
}

}  // namespace

std::vector<std::string> requested_certificates(const net::RequestHead& head) {
  std::vector<std::string> hashes;
  std::string_view query = head.query().value_or("");
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.starts_with("cert=")) hashes.emplace_back(pair.substr(5));
  }
  return hashes;
}

Result<std::vector<Bytes>> read_ocsp_responses(std::string_view content_type, ByteView body, std::size_t expected) {
  const auto type = message::ContentType::parse(content_type);
  if (!type || type->parameter("boundary").empty())
    return fault(FaultCode::cert_validation, "the peer's OCSP answer is not multipart");
  Collector collector(expected);
  message::MultipartParser parser(type->parameter("boundary"), collector);
  if (auto fed = parser.feed(body); !fed) return fed.error();
  if (auto ended = parser.end(); !ended) return ended.error();
  if (collector.responses.size() != expected)
    return fault(FaultCode::cert_validation, "the peer gave " + std::to_string(collector.responses.size()) +
                                                 " OCSP responses for " + std::to_string(expected) + " certificates");
  return std::move(collector.responses);
}

net::Task<Result<std::vector<Bytes>>> fetch_ocsp_responses(net::HttpClient& client, net::Endpoint peer,
                                                           std::vector<pki::Certificate> certificates,
                                                           net::ClientTimeouts timeouts) {
  net::Url url{false, std::move(peer), "/"};
  std::string separator = "?";
  for (const auto& certificate : certificates) {
    url.target += separator + "cert=" + certificate.hash_hex(pki::DigestAlgorithm::sha1);
    separator = "&";
  }
  for (const auto& certificate : certificates)
    url.target += "&cert_hash=" + certificate.hash_hex(pki::DigestAlgorithm::sha256);
  net::RequestHead head;
  head.method = "GET";
  head.target = url.target;
  head.headers.add("Accept", "multipart/related");
  auto answer = co_await client.fetch(std::move(url), std::move(head), Bytes(), kMaxAnswer, nullptr, timeouts);
  if (!answer) co_return answer.error();
  if (answer->head.status != 200)
    co_return fault(FaultCode::cert_validation,
                    "the peer hands out no OCSP response: " +
                        to_text(ByteView(answer->body).first(std::min<std::size_t>(200, answer->body.size()))));
  const std::string* content_type = answer->head.headers.find("content-type");
  co_return read_ocsp_responses(content_type ? *content_type : "", answer->body, certificates.size());
}

net::Task<void> serve_ocsp_responses(net::ServerCall& call, const OcspCache& cache) {
  if (call.head().method == "HEAD") {
    (void)co_await call.respond(net::ResponseHead(), ByteView());
    co_return;
  }
  const auto hashes = requested_certificates(call.head());
  if (call.head().method != "GET" || hashes.empty()) {
    co_await refuse(call, "ask with GET and the SHA-1 of each certificate: ?cert=<hex>&cert=<hex>");
    co_return;
  }
  if (hashes.size() > kMaxHandedOver) {
    co_await refuse(call, "ask for at most " + std::to_string(kMaxHandedOver) + " certificates at once");
    co_return;
  }
  message::MultipartWriter parts("ocsp" + random_letters(30));
  std::string body;
  for (const auto& hash : hashes) {
    auto response = cache.find(hash);
    if (!response) {
      co_await refuse(call, "there is no OCSP response for certificate " + hash.substr(0, 64));
      co_return;
    }
    body += parts.part(message::kTypeOcsp);
    body += as_text(*response);
  }
  body += parts.end();
  net::ResponseHead head;
  head.headers.add("Content-Type", "multipart/related; type=\"application/ocsp-response\"; charset=UTF-8; boundary=" +
                                       parts.boundary());
  (void)co_await call.respond(std::move(head), as_bytes(body));
}

}  // namespace causeway::securityserver
