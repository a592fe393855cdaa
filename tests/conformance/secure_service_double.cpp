// SPDX-License-Identifier: MIT
#include "secure_service_double.hpp"

#include <stdexcept>

#include "requests.hpp"
#include "securityserver/transport/incoming_message.hpp"

namespace causeway::conformance {

using namespace std::chrono_literals;

SecureServiceDouble::SecureServiceDouble(net::IoThreads& threads, net::TlsIdentity identity, net::PeerCheck check) {
  net::TlsServerOptions tls{.identity = std::move(identity),
                            .suites = {},
                            .client_certificate = net::TlsServerOptions::ClientCertificate::required,
                            .acceptable_issuers = {},
                            .check = std::move(check)};
  auto context = net::TlsServerContext::make(std::move(tls));
  if (!context) throw std::runtime_error(context.error().text);
  net::ListenOptions options;
  options.tls = *std::move(context);
  auto started = net::HttpServer::start(threads, options, [this](net::ServerCall& call) { return serve(call); });
  if (!started) throw std::runtime_error(started.error().text);
  server_ = *std::move(started);
}

SecureServiceDouble::~SecureServiceDouble() { server_->stop(1s); }

std::string SecureServiceDouble::url() const { return "https://127.0.0.1:" + std::to_string(server_->port()); }

std::vector<SecureServiceRequest> SecureServiceDouble::take_requests() {
  const std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

net::Task<void> SecureServiceDouble::serve(net::ServerCall& call) {
  auto body = co_await securityserver::read_whole(call.body(), 1UL << 20);
  if (!body) {
    call.abort();
    co_return;
  }
  const std::string text = to_text(*body);
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back({call.head().method, call.head().target, text, call.peer_certificates()});
  }
  const std::string* type = call.head().headers.find("content-type");
  const bool soap = type && type->starts_with("text/xml");
  net::ResponseHead head;
  head.headers.add("Content-Type", soap ? "text/xml" : "application/json");
  const std::string answer = soap ? soap_answer(text) : "{\"ok\":true}";
  (void)co_await call.respond(std::move(head), as_bytes(answer));
}

}  // namespace causeway::conformance
