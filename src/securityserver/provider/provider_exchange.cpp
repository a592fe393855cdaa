// SPDX-License-Identifier: MIT
#include "securityserver/provider/provider_exchange.hpp"

#include <array>
#include <charconv>

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/headers.hpp"
#include "pki/ocsp.hpp"
#include "securityserver/configuration/registrations.hpp"
#include "securityserver/provider/rest_provider.hpp"
#include "securityserver/provider/soap_provider.hpp"
#include "securityserver/transport/exchange_log.hpp"

namespace causeway::securityserver {
namespace {

Fault service_failed(const Fault& fault) { return fault.under(to_string(FaultCode::service_failed)); }

// Decoding faults stand under service_failed, but for MIME syntax (messages.md 4.4).
Fault decoding_fault(const Fault& fault) {
  return fault.code == to_string(FaultCode::mime_parsing_failed) ? fault : service_failed(fault);
}

}  // namespace

std::optional<bool> version_at_least(std::string_view version, std::string_view minimum) {
  const auto numbers = [](std::string_view text) -> std::optional<std::array<unsigned, 3>> {
    std::array<unsigned, 3> parts{};
    const char* at = text.data();
    const char* end = at + text.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
      const auto [next, error] = std::from_chars(at, end, parts[i]);
      if (error != std::errc{}) return std::nullopt;
      at = next;
    }
    if (at != end && *at != '-' && *at != '+') return std::nullopt;
    return parts;
  };
  const auto a = numbers(version);
  const auto b = numbers(minimum);
  if (!a || !b) return std::nullopt;
  return *a >= *b;
}

struct ProviderExchange::Open {
  std::shared_ptr<const globalconf::View> view;
  std::shared_ptr<const ServerConfiguration> configuration;
  std::unique_ptr<ProviderProtocol> protocol;
  std::unique_ptr<IncomingReader> reader;
  std::optional<ExchangeFacts> facts;
  const Client* provider = nullptr;  // within `configuration`
  std::shared_ptr<const SigningKey> key;
  BodyLogging logging;
  std::unique_ptr<ProviderAnswer> answer;
};

net::Task<void> ProviderExchange::serve(net::ServerCall& call) const {
  Open open;
  auto done = co_await exchange(call, open);
  if (done) {
    if (log::enabled(log::Level::debug)) log::debug("served: {}", describe(*open.facts));
    co_return;
  }
  Fault fault = done.error().under(kOriginServerProxy);
  fault.detail = random_uuid();
  log::warn("refused or failed: {} from {} [{}] {}: {}", open.facts ? describe(*open.facts) : "a message",
            call.peer_address(), fault.detail, fault.code, fault.text);
  if (!open.answer) {
    // Java reads no answer before it has sent everything (messages.md 4.8).
    co_await drain(call.body());
    open.answer = std::make_unique<ProviderAnswer>(call, open.logging);
  }
  co_await open.answer->fail(message::soap_fault_xml(fault));
}

net::Task<Result<void>> ProviderExchange::exchange(net::ServerCall& call, Open& open) const {
  const auto& head = call.head();
  if (head.method != "POST")
    co_return fault(FaultCode::invalid_http_method, "messages come with POST, not " + head.method);
  open.view = services_.view.current();
  open.configuration = services_.configuration.current();
  if (!open.view || !open.configuration)
    co_return fault(FaultCode::global_conf_outdated, "the global configuration has not been loaded yet");
  if (auto valid = open.view->check_valid(now()); !valid) co_return valid;
  if (auto supported = check_client_version(head.headers); !supported) co_return supported;
  if (!head.headers.find(message::kHashAlgorithm))
    co_return fault(FaultCode::internal_error, "the transport message has no x-hash-algorithm header");

  const std::string* kind = head.headers.find(message::kMessageType);
  if (kind && *kind == "REST")
    open.protocol = std::make_unique<RestProvider>(caller_, open.view);
  else
    open.protocol = std::make_unique<SoapProvider>(caller_, open.view, limits_.soap);
  if (auto valid = open.protocol->check_transport(head.headers); !valid) co_return valid;

  const std::string* type = head.headers.find("content-type");
  auto reader = IncomingReader::make(call.body(), type ? *type : "", limits_);
  if (!reader) co_return decoding_fault(reader.error());
  open.reader = *std::move(reader);
  if (auto read = co_await open.reader->read_head(); !read) co_return decoding_fault(read.error());
  if (auto checked = check_head(call, open); !checked) co_return checked;
  if (auto read = co_await open.reader->read_rest(); !read) co_return decoding_fault(read.error());
  auto service = check_message(open);
  if (!service) co_return service.error();
  auto answered = co_await answer(call, *service, open);
  co_return answered;
}

Result<void> ProviderExchange::check_client_version(const net::Headers& headers) const {
  if (minimum_client_version_.empty()) return {};
  const std::string* version = headers.find(message::kProxyVersion);
  const auto enough = version_at_least(version ? *version : "", minimum_client_version_);
  if (!enough) return fault(FaultCode::internal_error, "x-proxy-version is missing or no semantic version");
  if (*enough) return {};
  return fault(
      FaultCode::client_proxy_version_not_supported,
      "this security server serves versions from " + minimum_client_version_ + " on, the client has " + *version);
}

Result<void> ProviderExchange::check_head(const net::ServerCall& call, Open& open) const {
  const IncomingMessage& request = open.reader->message();
  // Without a message there is nothing to check yet; check_message names what is missing.
  if (request.kind == HeadKind::none) return {};
  auto facts = open.protocol->read_head(request);
  if (!facts) return service_failed(facts.error());
  open.facts = std::move(*facts);
  if (auto here = open.protocol->check_target(open.configuration->id); !here) return service_failed(here.error());
  open.provider = open.configuration->find_client(open.facts->service.client());
  if (!open.provider || status_in_force(*open.provider, *open.configuration, *open.view) != ClientStatus::registered)
    return service_failed(fault(FaultCode::unknown_member, "provider " + open.facts->service.client().to_string() +
                                                               " is not registered at this security server"));
  open.logging = services_.logging.decide(open.provider->id, ExchangeSide::provider);
  auto key = services_.keys.signing_key(open.provider->id, now());
  if (!key) return service_failed(key.error());
  open.key = *std::move(key);
  // This may be a connection of before the own certificate was revoked.
  if (auto own = services_.keys.authentication_key(now()); !own) return service_failed(own.error());
  if (request.ocsp_responses.empty())
    return service_failed(fault(FaultCode::ssl_authentication_failed,
                                "the message brings no OCSP response for its sender's certificate"));
  auto peer = peers_.verify_consumer_side(call.peer_certificates(), request.ocsp_responses, open.facts->client,
                                          open.view, now());
  if (peer) return {};
  for (const Bytes& response : request.ocsp_responses)
    if (auto read = pki::read_ocsp_response(response); !read)
      return service_failed(fault(FaultCode::io_error, "an OCSP response cannot be read: " + read.error().text));
  return service_failed(peer.error());
}

Result<const Service*> ProviderExchange::check_message(Open& open) const {
  IncomingMessage& request = open.reader->message();
  if (!open.facts) {
    auto missing = open.protocol->read_head(request);
    return missing ? fault(FaultCode::internal_error, "the message part came too late") : missing.error();
  }
  auto endpoint = open.protocol->requested_endpoint();
  if (!endpoint) return endpoint.error();
  if (!request.is_signed())
    return fault(FaultCode::missing_signature,
                 request.fault ? "the other side gave up: " + request.fault->text : "the message is not signed");
  const Service* service = nullptr;
  if (!open.protocol->is_metadata()) {
    auto allowed = check_access(*open.provider, open.facts->service, open.facts->client, *endpoint, *open.view);
    if (!allowed) return allowed.error();
    service = *allowed;
  }
  auto verified = services_.verifier.verify(request.signature, request.parts(), open.facts->client, open.view, now());
  if (!verified) return verified.error();
  request.signature.signature = std::move(verified->document);
  return service;
}

net::Task<Result<void>> ProviderExchange::answer(net::ServerCall& call, const Service* service, Open& open) const {
  IncomingMessage& request = open.reader->message();
  auto attachments = logged_attachments(request, open.logging);
  if (!attachments) co_return attachments.error();
  auto logged = co_await services_.log.append(log_record(*open.facts, ExchangeSide::provider, false,
                                                         open.protocol->logged_request(open.logging.body),
                                                         std::move(request.signature), *std::move(attachments)));
  if (!logged) co_return logged.error();

  open.answer = std::make_unique<ProviderAnswer>(call, open.logging);
  auto served = co_await open.protocol->serve(*open.provider, service, request, *open.answer);
  if (!served) co_return served;
  if (open.answer->ended()) co_return Result<void>();
  auto parts = open.answer->message().end_parts();
  auto sent = co_await sign_log_and_send(
      services_, open.key, std::move(parts),
      log_record(*open.facts, ExchangeSide::provider, true, open.protocol->logged_response(open.logging.body), {},
                 open.answer->recorder().take()),
      open.answer->message());
  co_return sent;
}

}  // namespace causeway::securityserver
