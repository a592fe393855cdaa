// SPDX-License-Identifier: MIT
#include "securityserver/provider/service_caller.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxDocument = 16UL << 20;
// Between our check and of_connection() only: tells our refusal from all else that can
// go wrong in a handshake.
constexpr FaultCode kNotRegistered = FaultCode::incorrect_certificate;

}  // namespace

Fault ServiceCaller::of_connection(const Fault& failed) {
  Fault reported = failed;
  if (failed.code == to_string(FaultCode::ssl_authentication_failed)) reported.code = to_string(FaultCode::io_error);
  if (failed.code == to_string(kNotRegistered)) reported.code = to_string(FaultCode::ssl_authentication_failed);
  return reported;
}

net::Task<Fault> ServiceCaller::of_sending(net::ClientCall& call, Fault failed) {
  if (failed.code != to_string(FaultCode::network_error)) co_return of_connection(failed);
  auto answered = co_await call.response();
  const bool refused = !answered && answered.error().code == to_string(FaultCode::ssl_authentication_failed);
  co_return of_connection(refused ? answered.error() : failed);
}

Result<std::shared_ptr<const net::TlsClientContext>> ServiceCaller::tls_for(const Client& owner,
                                                                            const Service& service) {
  const std::string key = owner.id.to_string() + (service.verify_tls ? " verified" : " any");
  const std::lock_guard lock(mutex_);
  Known& known = contexts_[key];
  if (known.tls && (!service.verify_tls || known.accepted == owner.information_system_certificates)) return known.tls;
  known.accepted = owner.information_system_certificates;
  net::PeerCheck check;
  if (service.verify_tls) {
    // The leaf itself must be registered with the client: no chain, no host name (3.3).
    check = [accepted = known.accepted, id = owner.id](const std::vector<pki::Certificate>& chain) -> Result<void> {
      if (!chain.empty() && std::find(accepted.begin(), accepted.end(), chain.front()) != accepted.end()) return {};
      return fault(
          kNotRegistered,
          "the service's TLS certificate is not among the information system certificates of " + id.to_string());
    };
  }
  auto made = net::TlsClientContext::make({internal_, suites_, std::move(check), true});
  if (!made) return made.error();
  known.tls = *std::move(made);
  return known.tls;
}

net::Task<Result<std::unique_ptr<net::ClientCall>>> ServiceCaller::open(const Client& owner, const Service& service,
                                                                        const std::string& url) {
  if (url.empty())
    co_return fault(FaultCode::service_missing_url,
                    "service " + service.code + " of " + owner.id.to_string() + " has no URL");
  auto parsed = net::Url::parse(url);
  if (!parsed)
    co_return fault(FaultCode::service_malformed_url, "the URL of service " + service.code + " cannot be read: " + url);
  std::shared_ptr<const net::TlsClientContext> tls;
  if (parsed->tls) {
    auto made = tls_for(owner, service);
    if (!made) co_return made.error();
    tls = *std::move(made);
  }
  const net::ClientTimeouts timeouts{std::min<std::chrono::milliseconds>(connect_timeout_, service.timeout),
                                     service.timeout};
  auto opened = co_await client_().open(std::move(parsed->endpoint), std::move(tls), timeouts);
  if (!opened) co_return of_connection(opened.error()).while_doing("service " + service.code + " at " + url);
  co_return opened;
}

net::Task<Result<net::HttpClient::Response>> ServiceCaller::fetch(const Client& owner, const Service& service,
                                                                  const std::string& url) {
  auto parsed = net::Url::parse(url);
  if (!parsed)
    co_return fault(FaultCode::service_malformed_url,
                    "the description URL of service " + service.code + " cannot be read: " + url);
  std::shared_ptr<const net::TlsClientContext> tls;
  if (parsed->tls) {
    auto made = tls_for(owner, service);
    if (!made) co_return made.error();
    tls = *std::move(made);
  }
  net::RequestHead head;
  head.method = "GET";
  head.target = parsed->target;
  const net::ClientTimeouts timeouts{connect_timeout_, service.timeout};
  auto fetched =
      co_await client_().fetch(*std::move(parsed), std::move(head), Bytes(), kMaxDocument, std::move(tls), timeouts);
  if (!fetched)
    co_return of_connection(fetched.error()).while_doing("description of service " + service.code + " at " + url);
  if (fetched->head.status != 200)
    co_return fault(FaultCode::internal_error, "the description of service " + service.code + " at " + url +
                                                   " was answered with HTTP status " +
                                                   std::to_string(fetched->head.status));
  co_return fetched;
}

}  // namespace causeway::securityserver
