// SPDX-License-Identifier: MIT
#include "securityserver/consumer/consumer_exchange.hpp"

#include <optional>

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/headers.hpp"
#include "securityserver/configuration/registrations.hpp"
#include "securityserver/transport/exchange_log.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxFault = 1 << 20;
constexpr std::size_t kUsualTransportHeaders = 10;

// A fault that names its origin already keeps it; all others arose here.
Fault at_border(const Fault& fault) {
  Fault outer = fault;
  if (!fault.relayed && !fault.code.starts_with("client.") && !fault.code.starts_with("server."))
    outer = fault.under(kOriginClientProxy);
  if (outer.detail.empty()) outer.detail = random_uuid();
  return outer;
}

// What goes wrong while the answer is read is the other side's failure, but for MIME
// syntax (messages.md 4.4).
Fault decoding_fault(const Fault& fault) {
  if (fault.code == to_string(FaultCode::mime_parsing_failed)) return fault;
  return fault.under(to_string(FaultCode::service_failed));
}

void warn_about_characters(const ExchangeFacts& facts) {
  const auto& c = facts.client;
  const auto& s = facts.service;
  for (const std::string* part :
       {&c.instance(), &c.member_class(), &c.member_code(), &c.subsystem(), &s.client().instance(),
        &s.client().member_class(), &s.client().member_code(), &s.client().subsystem(), &s.code(), &s.version()}) {
    if (has_discouraged_characters(*part)) {
      log::warn("an identifier holds characters that X-Road advises against: {}", describe(facts));
      return;
    }
  }
}

}  // namespace

struct ConsumerExchange::Open {
  std::shared_ptr<const globalconf::View> view;
  std::shared_ptr<const ServerConfiguration> configuration;
  std::shared_ptr<const AuthenticationKey> authentication;
  std::optional<ExchangeFacts> facts;
  BodyLogging logging;
  std::string original_content_type;  // of the response
  std::unique_ptr<IncomingReader> reader;
  std::optional<message::SoapFault> peer_fault;
  bool answering = false;  // too late for a fault
};

net::Task<void> ConsumerExchange::run(ConsumerProtocol& protocol, net::ServerCall& call) const {
  Open open;
  auto done = co_await exchange(protocol, call, open);
  if (done) {
    if (log::enabled(log::Level::debug)) log::debug("answered: {}", describe(*open.facts));
    co_return;
  }
  const Fault fault = at_border(done.error());
  log::warn("failed: {} [{}] {}: {}",
            open.facts ? describe(*open.facts) : call.head().method + " " + call.head().target, fault.detail,
            fault.code, fault.text);
  if (open.answering) {
    call.abort();
    co_return;
  }
  (void)co_await protocol.answer_fault(fault, open.peer_fault ? &*open.peer_fault : nullptr);
}

net::Task<Result<void>> ConsumerExchange::exchange(ConsumerProtocol& protocol, net::ServerCall& call,
                                                   Open& open) const {
  open.view = services_.view.current();
  open.configuration = services_.configuration.current();
  if (!open.view || !open.configuration)
    co_return fault(FaultCode::global_conf_outdated, "the global configuration has not been loaded yet");
  if (auto valid = open.view->check_valid(now()); !valid) co_return valid;
  auto authentication = services_.keys.authentication_key(now());
  if (!authentication) co_return authentication.error();
  open.authentication = *authentication;

  auto facts = co_await protocol.read_head();
  if (!facts) co_return facts.error();
  open.facts = std::move(*facts);
  warn_about_characters(*open.facts);

  const Client* client = open.configuration->find_client(open.facts->client);
  if (!client || status_in_force(*client, *open.configuration, *open.view) != ClientStatus::registered)
    co_return fault(FaultCode::unknown_member,
                    "client " + open.facts->client.to_string() + " is not registered at this security server");
  if (auto allowed = authentication_.check(*client, call); !allowed) co_return allowed;
  auto addresses = provider_addresses(*open.view, open.facts->service.client(), open.facts->security_server);
  if (!addresses) co_return addresses.error();
  open.logging = services_.logging.decide(open.facts->service.client(), ExchangeSide::consumer);

  auto peer = co_await connector_.connect(*addresses, open.facts->service.client(), open.authentication, open.view);
  if (!peer) co_return peer.error();
  auto sent = co_await send_request(protocol, **peer, open);
  if (!sent) co_return sent;
  auto received = co_await receive_response(protocol, **peer, open);
  if (!received) co_return received;
  open.answering = true;
  auto answered = co_await protocol.answer(open.reader->message(), open.original_content_type);
  co_return answered;
}

net::Task<Result<void>> ConsumerExchange::send_request(ConsumerProtocol& protocol, net::ClientCall& peer,
                                                       Open& open) const {
  OutgoingMessage message;
  net::RequestHead head;
  head.method = "POST";
  head.target = "/";
  head.headers.reserve(kUsualTransportHeaders);
  head.headers.add(std::string(message::kHashAlgorithm), "SHA-512");
  head.headers.add(std::string(message::kProxyVersion), std::string(kCompatibleVersion));
  protocol.add_transport_headers(head.headers);
  head.headers.add(std::string(message::kRequestId), open.facts->request_id);
  head.headers.add("Content-Type", message.content_type());

  auto writer = co_await peer.request(std::move(head));
  if (!writer) co_return writer.error();
  message.start(**writer);
  auto produced = co_await produce_request(protocol, message, open);
  if (produced) co_return produced;
  // The other side may have refused before it read everything, or our certificate (TLS 1.3
  // tells late): its word is better than ours.
  if (produced.error().code == to_string(FaultCode::network_error)) {
    auto answered = co_await receive_response(protocol, peer, open);
    const bool refused = !answered && (answered.error().relayed ||
                                       answered.error().code == to_string(FaultCode::ssl_authentication_failed));
    if (refused) co_return answered;
  }
  if (!protocol.ends_abandoned_request()) co_return fault(FaultCode::io_error, produced.error().text);
  (void)co_await message.end_unsigned();
  co_return produced;
}

net::Task<Result<void>> ConsumerExchange::produce_request(ConsumerProtocol& protocol, OutgoingMessage& message,
                                                          Open& open) const {
  if (auto sent = co_await message.ocsp_responses(open.authentication->ocsp_responses); !sent) co_return sent;
  const std::string type = protocol.head_content_type();
  if (auto sent = co_await message.head(type, protocol.head_bytes(), protocol.head_headers()); !sent) co_return sent;
  BodyRecorder recorder(open.logging);
  if (auto sent = co_await protocol.send_body(message, recorder); !sent) co_return sent;
  auto parts = message.end_parts();
  auto key = services_.keys.signing_key(open.facts->client, now());
  if (!key) co_return key.error();
  auto sent = co_await sign_log_and_send(services_, *key, std::move(parts),
                                         log_record(*open.facts, ExchangeSide::consumer, false,
                                                    protocol.logged_request(open.logging.body), {}, recorder.take()),
                                         message);
  co_return sent;
}

net::Task<Result<void>> ConsumerExchange::receive_response(ConsumerProtocol& protocol, net::ClientCall& peer,
                                                           Open& open) const {
  auto head = co_await peer.response();
  if (!head) co_return head.error();
  if (head->status != 200 && head->status != 500)
    co_return fault(FaultCode::http_error,
                    "the provider's security server answered with HTTP status " + std::to_string(head->status));
  const std::string* type = head->headers.find("content-type");
  const std::string content_type = type ? *type : "";
  if (content_type.starts_with("text/xml")) {
    auto bytes = co_await read_whole(peer.body(), kMaxFault);
    if (!bytes) co_return decoding_fault(bytes.error());
    auto soap = message::parse_soap(*std::move(bytes), content_type);
    if (!soap) co_return decoding_fault(soap.error());
    if (!std::holds_alternative<message::SoapFault>(*soap))
      co_return decoding_fault(
          fault(FaultCode::invalid_message, "the provider's security server answered with XML that is no fault"));
    open.peer_fault = std::get<message::SoapFault>(*std::move(soap));
    co_return open.peer_fault->to_fault();
  }
  auto reader = IncomingReader::make(peer.body(), content_type);
  if (!reader) co_return decoding_fault(reader.error());
  open.reader = *std::move(reader);
  if (auto read = co_await open.reader->read_rest(); !read) co_return decoding_fault(read.error());
  IncomingMessage& response = open.reader->message();
  if (response.fault) {
    open.peer_fault = std::move(response.fault);
    co_return open.peer_fault->to_fault();
  }
  const std::string* original = head->headers.find(message::kOriginalContentType);
  open.original_content_type = original ? *original : "";
  auto accepted = co_await accept_response(protocol, response, open);
  co_return accepted;
}

net::Task<Result<void>> ConsumerExchange::accept_response(ConsumerProtocol& protocol, IncomingMessage& response,
                                                          Open& open) const {
  if (auto read = protocol.read_response(response); !read) co_return read;
  if (!response.is_signed()) co_return fault(FaultCode::missing_signature, "the answer is not signed");
  auto verified =
      services_.verifier.verify(response.signature, response.parts(), open.facts->service.client(), open.view, now());
  if (!verified) co_return verified.error();
  response.signature.signature = std::move(verified->document);
  if (auto consistent = protocol.check_response(); !consistent) co_return consistent;

  auto attachments = logged_attachments(response, open.logging);
  if (!attachments) co_return attachments.error();
  auto logged = co_await services_.log.append(log_record(*open.facts, ExchangeSide::consumer, true,
                                                         protocol.logged_response(open.logging.body),
                                                         std::move(response.signature), *std::move(attachments)));
  if (!logged) co_return logged.error();
  co_return Result<void>();
}

}  // namespace causeway::securityserver
