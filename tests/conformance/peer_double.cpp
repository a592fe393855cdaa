// SPDX-License-Identifier: MIT
#include "peer_double.hpp"

#include <stdexcept>

#include "base/uuid.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"
#include "message/soap.hpp"
#include "net/coroutines.hpp"
#include "pki/digest.hpp"
#include "securityserver/transport/incoming_message.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().text);
  return *std::move(result);
}

Bytes hash(const std::string& content) { return pki::digest(pki::DigestAlgorithm::sha512, as_bytes(content)); }

// The whole transport message a body holds.
class Text final : public net::BodyReader {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}
  net::Task<Result<ByteView>> read_some() override {
    if (given_) co_return ByteView();
    given_ = true;
    co_return as_bytes(text_);
  }

 private:
  std::string text_;
  bool given_ = false;
};

std::string soap_of(const std::string& body) {
  const std::string boundary = body.substr(2, body.find("\r\n") - 2);
  Text text(body);
  auto reader = must(securityserver::IncomingReader::make(text, message::mixed_content_type(boundary)));
  const auto read = net::block_on(Country::shared().threads().at(1), reader->read_rest());
  if (!read) throw std::runtime_error(read.error().text);
  return to_text(reader->message().head);
}

}  // namespace

std::shared_ptr<const net::TlsClientContext> client_tls(const Identity& identity) {
  net::TlsClientOptions options;
  options.identity = std::make_shared<const net::TlsIdentity>(
      net::TlsIdentity{identity.key, std::vector<pki::Certificate>{identity.certificate}});
  return must(net::TlsClientContext::make(std::move(options)));
}

evidence::MessageParts TransportMessage::parts() const {
  evidence::MessageParts parts{{"/message.xml", hash(head)}};
  if (has_rest_body) parts.push_back({"/attachment1", hash(rest_body)});
  for (const auto& [type, content] : attachments)
    parts.push_back({"/attachment" + std::to_string(parts.size()), hash(content)});
  return parts;
}

std::string TransportMessage::octets(bool closed) const {
  message::MultipartWriter writer(boundary);
  std::string out;
  for (const Bytes& response : ocsp) out += writer.part("application/ocsp-response") + to_text(response);
  if (!head.empty()) out += writer.part(head_type) + head;
  if (has_rest_body) out += writer.part("application/x-road-rest-body") + rest_body;
  if (!attachments.empty()) {
    message::MultipartWriter nested("xattConformanceConformanceConformanc");
    out += writer.part(message::mixed_content_type(nested.boundary()));
    for (const auto& [type, content] : attachments) out += nested.part(type) + content;
    out += nested.end();
  }
  if (!signature.hash_chain_result.empty()) {
    out += writer.part("application/hash-chain-result") + signature.hash_chain_result.str();
    out += writer.part("application/hash-chain") + signature.hash_chain.str();
  }
  if (!signature.signature.empty()) out += writer.part("signature/bdoc-1.0/ts") + signature.signature.str();
  if (!last_type.empty()) out += writer.part(last_type) + last;
  return closed ? out + writer.end() : out;
}

evidence::SignatureDocument sign_as_double(const evidence::MessageParts& parts, const Identity* other) {
  const Identity& identity = other ? *other : Country::shared().double_signing();
  const evidence::SigningIdentity signer{
      identity.certificate, {}, {identity.ocsp}, {pki::SignatureScheme::ecdsa, pki::DigestAlgorithm::sha512}};
  auto batch = must(evidence::SignatureBatch::prepare({parts}, signer, now()));
  const Bytes signature = must(identity.key.sign_digest(signer.algorithm, batch.digest_to_sign()));
  return must(batch.complete(signature)).front();
}

PeerDouble::PeerDouble(Play play, PeerTls tls)
    : play_(std::move(play)),
      authentication_(tls.authentication ? *tls.authentication : Country::shared().double_authentication()) {
  Country& country = Country::shared();
  net::TlsServerOptions shown{.identity = {authentication_.key, {authentication_.certificate}},
                              .suites = std::move(tls.suites),
                              .client_certificate = net::TlsServerOptions::ClientCertificate::required,
                              .acceptable_issuers = {},
                              .check = std::move(tls.check)};
  shown.session_resumption = false;
  net::ListenOptions options{.address = country.double_transport().host,
                             .port = country.double_transport().port,
                             .tls = must(net::TlsServerContext::make(std::move(shown))),
                             .limits = {},
                             .close_after_response = true};
  transport_ =
      must(net::HttpServer::start(country.threads(), options, [this](net::ServerCall& call) { return serve(call); }));
  if (!tls.hands_out_ocsp) return;
  options.tls = nullptr;
  options.port = country.double_ocsp().port;
  ocsp_ = must(
      net::HttpServer::start(country.threads(), options, [this](net::ServerCall& call) { return serve_ocsp(call); }));
}

PeerDouble::~PeerDouble() {
  transport_->stop(1s);
  if (ocsp_) ocsp_->stop(1s);
}

net::Task<void> PeerDouble::serve(net::ServerCall& call) {
  auto body = co_await securityserver::read_whole(call.body(), 64UL << 20);
  PeerAnswer answer;
  try {
    answer = play_(call.head(), body ? to_text(*body) : std::string());
  } catch (const std::exception& error) {
    answer.status = 599;
    answer.body = error.what();
  }
  if (answer.abort) {
    call.abort();
    co_return;
  }
  net::ResponseHead head;
  head.status = answer.status;
  for (const auto& [name, value] : answer.headers) head.headers.add(name, value);
  if (!answer.cut_in_body) {
    (void)co_await call.respond(std::move(head), as_bytes(answer.body));
    co_return;
  }
  auto writer = co_await call.respond(std::move(head));
  if (writer) (void)co_await (*writer)->write(as_bytes(answer.body));
  if (writer) (void)co_await (*writer)->flush();
  call.abort();
}

net::Task<void> PeerDouble::serve_ocsp(net::ServerCall& call) {
  message::MultipartWriter parts("ocspboundary");
  const std::string body = parts.part("application/ocsp-response") + to_text(authentication_.ocsp) + parts.end();
  net::ResponseHead head;
  head.headers.add("Content-Type", "multipart/related; type=\"application/ocsp-response\"; boundary=ocspboundary");
  (void)co_await call.respond(std::move(head), as_bytes(body));
}

PeerAnswer multipart_answer(const TransportMessage& message, bool closed) {
  return {200,
          {{"Content-Type", message::mixed_content_type(message.boundary)},
           {"x-hash-algorithm", "SHA-512"},
           {"x-original-content-type", "text/xml; charset=UTF-8"}},
          message.octets(closed)};
}

PeerAnswer honest_soap_answer(const std::string& body, const std::function<void(TransportMessage&)>& change) {
  const std::string request = soap_of(body);
  auto soap = must(message::parse_soap(to_bytes(soap_answer(request)), "text/xml; charset=UTF-8"));
  TransportMessage answer;
  answer.head =
      to_text(must(message::with_request_hash(std::get<message::SoapMessage>(soap), as_bytes(request))).bytes);
  if (change) change(answer);
  if (answer.signature.signature.empty() && answer.last_type.empty()) answer.signature = sign_as_double(answer.parts());
  return multipart_answer(answer);
}

TransportMessage honest_soap_request(const std::string& service, const std::string& id) {
  Country& country = Country::shared();
  TransportMessage message;
  message.ocsp = {country.double_authentication().ocsp};
  message.head = soap_request(country.double_app(), country.service(), service, id);
  message.signature = sign_as_double(message.parts());
  return message;
}

TransportMessage honest_rest_request(const std::string& verb, const std::string& path, const std::string& body) {
  Country& country = Country::shared();
  TransportMessage message;
  message.ocsp = {country.double_authentication().ocsp};
  message.head_type = "application/x-road-rest-request";
  message.head = verb + "\r\n" + path + "\r\nX-Road-Client:" + country.double_app().to_rest() +
                 "\r\nx-road-request-id:11111111-2222-4333-8444-555555555555\r\nx-road-id:DEV-1\r\n";
  message.rest_body = body;
  message.has_rest_body = !body.empty();
  message.signature = sign_as_double(message.parts());
  return message;
}

HeaderList transport_headers(const TransportMessage& message, bool rest) {
  HeaderList headers{{"x-hash-algorithm", "SHA-512"},
                     {"x-proxy-version", "7.8.0"},
                     {"x-original-content-type", rest ? "" : "text/xml; charset=UTF-8"},
                     {"x-road-request-id", "11111111-2222-4333-8444-555555555555"},
                     {"Content-Type", message::mixed_content_type(message.boundary)}};
  if (rest)
    headers.push_back({"x-road-message-type", "REST"});
  else
    headers.push_back({"x-original-soapaction", ""});
  return headers;
}

Answer send_to_provider(const HeaderList& headers, const std::string& octets, const std::string& method,
                        const Identity* authentication) {
  Country& country = Country::shared();
  net::RequestHead head;
  head.method = method;
  head.target = "/";
  for (const auto& [name, value] : headers) head.headers.add(name, value);
  return send(country.provider_transport(),
              client_tls(authentication ? *authentication : country.double_authentication()), std::move(head), octets);
}

Answer send_to_provider(const TransportMessage& message, bool rest) {
  return send_to_provider(transport_headers(message, rest), message.octets());
}

}  // namespace causeway::conformance
