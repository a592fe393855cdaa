// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/forger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/uuid.hpp"
#include "ecosystem/keys.hpp"
#include "ecosystem/samples.hpp"
#include "ecosystem/trust_services.hpp"
#include "evidence/signature.hpp"
#include "message/headers.hpp"
#include "message/rest.hpp"
#include "message/soap.hpp"
#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "pki/ocsp.hpp"
#include "securityserver/transport/outgoing_message.hpp"
#include "signer/run.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBody = R"({"amount":100})";
constexpr std::string_view kHonest = "100", kForged = "900";
constexpr std::size_t kMaxAnswer = std::size_t{1} << 20;

// Passes everything on, but for one octet.
class TamperingWriter : public net::BodyWriter {
 public:
  TamperingWriter(net::BodyWriter& to, bool change) : to_(to), change_(change) {}

  net::Task<Result<void>> write(ByteView bytes) override {
    const Bytes changed = tampered(bytes);
    co_return co_await to_.write(changed);
  }
  net::Task<Result<void>> finish() override { return to_.finish(); }

 private:
  Bytes tampered(ByteView bytes) {
    Bytes copy(bytes.begin(), bytes.end());
    const auto at = std::search(copy.begin(), copy.end(), kBody.begin(), kBody.end());
    if (!change_ || at == copy.end()) return copy;
    const auto amount = std::search(at, copy.end(), kHonest.begin(), kHonest.end());
    std::copy(kForged.begin(), kForged.end(), amount);
    change_ = false;
    return copy;
  }

  net::BodyWriter& to_;
  bool change_;
};

net::RequestHead transport_head(const std::string& request_id, const std::string& content_type) {
  net::RequestHead head{.method = "POST", .target = "/", .headers = {}};
  head.headers.add(std::string(message::kHashAlgorithm), "SHA-512");
  head.headers.add(std::string(message::kProxyVersion), "7.8.0");
  head.headers.add(std::string(message::kOriginalContentType), "application/json");
  head.headers.add(std::string(message::kRequestId), request_id);
  head.headers.add(std::string(message::kMessageType), "REST");
  head.headers.add("Content-Type", content_type);
  return head;
}

Result<message::RestRequest> request_to(const PlannedInstance& to, const PlannedInstance& from,
                                        const std::string& request_id) {
  net::RequestHead http{.method = "POST", .target = rest_path(to.lab, service::kRestEcho) + "/forger", .headers = {}};
  http.headers.add("Content-Type", "application/json");
  http.headers.add("X-Road-Client", from.app.to_rest());
  return message::rest_request_from_http(http, from.id, request_id);
}

// All parts but the signature.
net::Task<Result<evidence::MessageParts>> write_parts(securityserver::OutgoingMessage& message,
                                                      const std::vector<Bytes>& ocsp, std::string head) {
  auto written = co_await message.ocsp_responses(ocsp);
  if (written) written = co_await message.head(message::kTypeRestRequest, as_bytes(head));
  if (written) written = co_await message.begin_rest_body();
  if (written) written = co_await message.data(as_bytes(kBody));
  if (!written) co_return written.error();
  co_return message.end_parts();
}

net::Task<Result<Verdict>> read_verdict(net::ClientCall& call) {
  auto head = co_await call.response();
  if (!head) co_return head.error();
  Bytes body;
  for (;;) {
    const auto some = co_await call.body().read_some();
    if (!some) co_return some.error();
    if (some->empty()) break;
    if (body.size() + some->size() > kMaxAnswer) co_return unexpected("the answer is too long");
    body.insert(body.end(), some->begin(), some->end());
  }
  const std::string* type = head->headers.find("content-type");
  if (type && type->starts_with("multipart/")) {
    const bool answered = as_text(body).find(message::kTypeRestResponse) != std::string_view::npos;
    co_return Verdict{answered, answered ? "" : "no response", {}};
  }
  const auto parsed = message::parse_soap(std::move(body), type ? *type : "text/xml");
  if (!parsed) co_return parsed.error();
  const auto* refused = std::get_if<message::SoapFault>(&*parsed);
  if (!refused) co_return unexpected("neither a message nor a fault");
  co_return Verdict{false, refused->code, refused->text};
}

}  // namespace

Result<Forger> Forger::make(Kit& kit, const PlannedInstance& from) {
  net::IoThreads& threads = kit.caller().threads();
  const std::string socket = signer::signer_socket(kit.layout().server(from, from.consumer));
  auto client = signer::SignerClient::make(threads, socket, 10s);
  const auto tokens = net::block_on(threads.at(0), client->tokens());
  if (!tokens) return tokens.error();
  std::optional<Key> signing, spare, authentication;
  for (const signer::TokenInfo& token : *tokens) {
    for (const signer::KeyInfo& key : token.keys) {
      if (key.certificates.empty() || !key.usage) continue;
      const Key found{key.id, key.certificates.front().certificate};
      if (*key.usage == signer::KeyUsage::authentication) {
        authentication = found;
      } else {
        (key.label == kSpareKey ? spare : signing) = found;
      }
    }
  }
  if (!signing || !spare || !authentication) return unexpected("the signer lacks a key");
  return Forger(kit, from, std::move(client), *signing, *spare, *authentication);
}

net::Task<Result<Forger::Means>> Forger::gather(net::HttpClient& client, const Key& key) {
  auto tls_key = co_await signer_->authentication_key(authentication_.id);
  if (!tls_key) co_return tls_key.error();
  net::TlsClientOptions options;
  options.identity = std::make_shared<const net::TlsIdentity>(
      net::TlsIdentity{*std::move(tls_key), std::vector<pki::Certificate>{authentication_.certificate}});
  auto tls = net::TlsClientContext::make(std::move(options));
  if (!tls) co_return tls.error();
  auto tls_ocsp = co_await ocsp_response(client, authentication_.certificate);
  if (!tls_ocsp) co_return tls_ocsp.error();
  auto signing_ocsp = co_await ocsp_response(client, key.certificate);
  if (!signing_ocsp) co_return signing_ocsp.error();
  Means means{.tls = *std::move(tls), .tls_ocsp = {}, .signing_ocsp = {}};
  means.tls_ocsp.push_back(*std::move(tls_ocsp));
  means.signing_ocsp.push_back(*std::move(signing_ocsp));
  co_return means;
}

net::Task<Result<Bytes>> Forger::ocsp_response(net::HttpClient& client, pki::Certificate certificate) {
  const auto trust = read_trust_certificates(kit_->layout(), *from_);
  if (!trust) co_return trust.error();
  const auto url = net::Url::parse(ocsp_url(kit_->ports_of(*from_)));
  if (!url) co_return url.error();
  net::RequestHead head{.method = "POST", .target = {}, .headers = {}};
  head.headers.add("Content-Type", "application/ocsp-request");
  auto response = co_await client.fetch(*url, std::move(head), pki::make_ocsp_request(certificate, trust->ca),
                                        kMaxAnswer, nullptr, {});
  if (!response) co_return response.error();
  co_return std::move(response->body);
}

net::Task<Result<evidence::SignatureDocument>> Forger::sign(const Key& key, std::vector<Bytes> ocsp,
                                                            evidence::MessageParts parts) {
  const bool rsa = key.certificate.public_key().is_rsa();
  const pki::SignatureAlgorithm algorithm{rsa ? pki::SignatureScheme::rsa_pkcs1 : pki::SignatureScheme::ecdsa,
                                          pki::DigestAlgorithm::sha512};
  const evidence::SigningIdentity identity{key.certificate, {}, std::move(ocsp), algorithm};
  std::vector<evidence::MessageParts> messages;
  messages.push_back(std::move(parts));
  auto batch = evidence::SignatureBatch::prepare(std::move(messages), identity, now());
  if (!batch) co_return batch.error();
  std::vector<Bytes> digests{batch->digest_to_sign()};
  const auto signatures = co_await signer_->sign(key.id, algorithm, std::move(digests));
  if (!signatures) co_return signatures.error();
  auto documents = batch->complete(signatures->front());
  if (!documents) co_return documents.error();
  co_return std::move(documents->front());
}

net::Task<Result<Verdict>> Forger::exchange(const PlannedInstance& to, Forgery forgery) {
  const auto client = net::HttpClient::make(kit_->caller().threads().current());
  const Key& key = forgery.spare_key ? spare_ : signing_;
  const auto means = co_await gather(*client, key);
  if (!means) co_return means.error();
  const std::string request_id = random_uuid();
  const auto request = request_to(to, *from_, request_id);
  if (!request) co_return request.error();

  const net::Endpoint server{to.provider.address, kit_->ports().transport};
  auto call = co_await client->open(server, means->tls, {}, false);
  if (!call) co_return call.error();
  securityserver::OutgoingMessage message;
  const auto opened = co_await (*call)->request(transport_head(request_id, message.content_type()));
  if (!opened) co_return opened.error();
  TamperingWriter writer(**opened, forgery.change_octet);
  message.start(writer);
  auto parts = co_await write_parts(message, means->tls_ocsp, request->head());
  if (!parts) co_return parts.error();
  const auto document = co_await sign(key, means->signing_ocsp, *std::move(parts));
  if (!document) co_return document.error();
  // A server may refuse before it has read everything.
  (void)(co_await message.signature(*document)).ok();
  co_return co_await read_verdict(**call);
}

Result<Verdict> Forger::send(const PlannedInstance& to, const Forgery& forgery) {
  return net::block_on(
      kit_->caller().threads().at(0),
      net::with_deadline<Verdict>(20s, "a message to " + to.provider.id.to_string(), exchange(to, forgery)));
}

}  // namespace causeway::ecosystem
