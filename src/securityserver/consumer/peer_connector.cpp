// SPDX-License-Identifier: MIT
#include "securityserver/consumer/peer_connector.hpp"

#include <algorithm>
#include <random>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/transport/ocsp_exchange.hpp"

namespace causeway::securityserver {
namespace {

using Connected = Result<std::unique_ptr<net::ClientCall>>;

constexpr std::chrono::milliseconds kRetryTimeout{5000};  // messages.md section 7, 4 and 5

}  // namespace

Result<std::shared_ptr<const net::TlsClientContext>> PeerConnector::tls_for(
    const std::shared_ptr<const AuthenticationKey>& key) {
  const std::lock_guard lock(mutex_);
  // A key judged anew but of the same certificate keeps the context, and with it the
  // kept connections and sessions.
  const bool same = tls_ && tls_key_->tls.chain == key->tls.chain;
  if (!same) {
    auto made = net::TlsClientContext::make({std::make_shared<net::TlsIdentity>(key->tls), settings_.suites, {}, true});
    if (!made) return made.error();
    tls_ = *std::move(made);
    tls_key_ = key;
  }
  return tls_;
}

net::Task<Result<std::vector<Bytes>>> PeerConnector::fetch_ocsp(std::string host,
                                                                std::vector<pki::Certificate> certificates) {
  const net::ClientTimeouts timeouts{settings_.ocsp_connect_timeout, settings_.ocsp_read_timeout};
  net::Endpoint endpoint{std::move(host), settings_.ocsp_port};
  auto responses = co_await fetch_ocsp_responses(client_(), std::move(endpoint), std::move(certificates), timeouts);
  co_return responses;
}

net::Task<Connected> PeerConnector::connect_one_of(const std::vector<std::string>& addresses, const ClientId& provider,
                                                   std::shared_ptr<const net::TlsClientContext> tls,
                                                   std::shared_ptr<const globalconf::View> view,
                                                   std::chrono::milliseconds timeout) {
  std::vector<net::Endpoint> endpoints;
  for (const auto& address : addresses) endpoints.push_back({address, settings_.target_port});
  const net::ClientTimeouts timeouts{timeout, settings_.response_timeout};
  auto call = endpoints.size() == 1
                  ? co_await client_().open(endpoints.front(), tls, timeouts, settings_.reuse_connections)
                  : co_await client_().open_fastest(endpoints, tls, timeouts, settings_.reuse_connections);
  if (!call) co_return call.error();
  const OcspFetch fetch = [this](const std::string& host, std::vector<pki::Certificate> certificates) {
    return fetch_ocsp(host, std::move(certificates));
  };
  auto verified = co_await verifier_.verify_provider_side((*call)->peer_certificates(), (*call)->endpoint().host,
                                                          provider, std::move(view), fetch);
  if (!verified) {
    log::warn("connection to {} for {} refused: {}", (*call)->endpoint().host, provider.to_string(),
              verified.error().text);
    co_return verified.error();
  }
  co_return std::move(call);
}

net::Task<Connected> PeerConnector::connect(std::vector<std::string> addresses, const ClientId& provider,
                                            std::shared_ptr<const AuthenticationKey> key,
                                            std::shared_ptr<const globalconf::View> view) {
  auto tls = tls_for(key);
  if (!tls) co_return tls.error();
  if (addresses.size() == 1) {
    auto only = co_await connect_one_of(addresses, provider, *tls, view, settings_.connect_timeout);
    co_return only;
  }
  const std::vector<std::string> all = addresses;
  if (auto winner = fastest_.find(all, now())) {
    const std::vector<std::string> remembered{*winner};
    auto again = co_await connect_one_of(remembered, provider, *tls, view, kRetryTimeout);
    if (again) co_return std::move(again);
    fastest_.forget(all);
    std::erase(addresses, *winner);
  }
  static thread_local std::minstd_rand shuffler(std::random_device{}());
  std::shuffle(addresses.begin(), addresses.end(), shuffler);
  auto timeout = settings_.connect_timeout;
  // Each address is raced until one shows the right certificate: a failing one is
  // tried alone so that it can be told apart and dropped.
  Fault last = fault(FaultCode::network_error, "no security server could be reached");
  auto raced = co_await connect_one_of(addresses, provider, *tls, view, timeout);
  if (raced) {
    fastest_.remember(all, (*raced)->endpoint().host, now());
    co_return std::move(raced);
  }
  last = raced.error();
  for (const auto& address : addresses) {
    timeout = std::max(kRetryTimeout, timeout / 2);
    const std::vector<std::string> single{address};
    auto one = co_await connect_one_of(single, provider, *tls, view, timeout);
    if (one) {
      fastest_.remember(all, address, now());
      co_return std::move(one);
    }
    last = one.error();
  }
  co_return last;
}

}  // namespace causeway::securityserver
