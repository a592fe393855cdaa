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

net::Task<Connected> PeerConnector::connect_one_of(std::vector<net::Endpoint>& endpoints, const ClientId& provider,
                                                   std::shared_ptr<const net::TlsClientContext> tls,
                                                   std::shared_ptr<const globalconf::View> view,
                                                   std::chrono::milliseconds timeout) {
  const net::ClientTimeouts timeouts{timeout, settings_.response_timeout};
  const OcspFetch fetch = [this](const std::string& host, std::vector<pki::Certificate> certificates) {
    return fetch_ocsp(host, std::move(certificates));
  };
  for (;;) {
    auto call = co_await client_().open_fastest(endpoints, tls, timeouts, settings_.reuse_connections);
    if (!call) co_return call.error();
    const net::Endpoint connected = (*call)->endpoint();
    auto verified =
        co_await verifier_.verify_provider_side((*call)->peer_certificates(), connected.host, provider, view, fetch);
    if (verified) co_return std::move(call);
    log::warn("connection to {} for {} refused: {}", connected.host, provider.to_string(), verified.error().text);
    if ((*call)->reused()) {
      // The server may show another certificate by now.
      client_().forget(connected, tls);
      continue;
    }
    std::erase(endpoints, connected);
    co_return verified.error();
  }
}

net::Task<Connected> PeerConnector::connect(const std::vector<std::string>& addresses, const ClientId& provider,
                                            std::shared_ptr<const AuthenticationKey> key,
                                            std::shared_ptr<const globalconf::View> view) {
  auto tls = tls_for(key);
  if (!tls) co_return tls.error();
  std::vector<net::Endpoint> endpoints;
  for (const auto& address : addresses) endpoints.push_back({address, settings_.target_port});
  if (endpoints.size() == 1)
    co_return co_await connect_one_of(endpoints, provider, *tls, view, settings_.connect_timeout);

  if (const auto winner = fastest_.find(addresses, now())) {
    std::vector<net::Endpoint> remembered;
    remembered.push_back({*winner, settings_.target_port});
    std::erase(endpoints, remembered.front());
    auto again = co_await connect_one_of(remembered, provider, *tls, view, kRetryTimeout);
    if (again) co_return std::move(again);
    fastest_.forget(addresses);
  }
  static thread_local std::minstd_rand shuffler(std::random_device{}());
  std::shuffle(endpoints.begin(), endpoints.end(), shuffler);
  for (auto timeout = settings_.connect_timeout;; timeout = std::max(kRetryTimeout, timeout / 2)) {
    const std::size_t candidates = endpoints.size();
    auto call = co_await connect_one_of(endpoints, provider, *tls, view, timeout);
    if (call) {
      fastest_.remember(addresses, (*call)->endpoint().host, now());
      co_return std::move(call);
    }
    // When none left the race, none could be reached at all. Which of several names could
    // not be resolved is no matter of the caller.
    if (endpoints.empty() || endpoints.size() == candidates) {
      Fault failed = call.error();
      if (failed.code == to_string(FaultCode::unknown_host)) failed.code = to_string(FaultCode::network_error);
      co_return failed;
    }
  }
}

}  // namespace causeway::securityserver
