// SPDX-License-Identifier: MIT
#include "net/tls_peer.hpp"

#include <algorithm>

namespace causeway::net {

namespace {

constexpr std::size_t kMaxEndpoints = 10000;
constexpr std::size_t kSessionsPerEndpoint = 8;
constexpr int kMaxPeerCertificates = 10;

int peer_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

using ChainPtr = std::shared_ptr<const Certificates>;

void free_chain(void*, void* chain, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<ChainPtr*>(chain); }

// Sessions of TLS 1.3 are copies of that of their connection.
int copy_chain(CRYPTO_EX_DATA*, const CRYPTO_EX_DATA*, void** chain, int, long, void*) {
  if (*chain != nullptr) *chain = new ChainPtr(*static_cast<const ChainPtr*>(*chain));
  return 1;
}

int session_index() {
  static const int index = SSL_SESSION_get_ex_new_index(0, nullptr, nullptr, &copy_chain, &free_chain);
  return index;
}

void keep_chain(SSL* ssl, const ChainPtr& chain) {
  SSL_SESSION* const session = SSL_get_session(ssl);
  if (auto* const before = static_cast<ChainPtr*>(SSL_SESSION_get_ex_data(session, session_index()))) {
    *before = chain;
    return;
  }
  auto kept = std::make_unique<ChainPtr>(chain);
  if (SSL_SESSION_set_ex_data(session, session_index(), kept.get()) == 1) static_cast<void>(kept.release());
}

Result<pki::Certificate> certificate_of(X509* certificate) {
  return pki::Certificate::from_der(pki::to_der(&i2d_X509, certificate));
}

Result<Certificates> shown_by_peer(X509_STORE_CTX* store) {
  Certificates chain;
  STACK_OF(X509)* const shown = X509_STORE_CTX_get0_untrusted(store);
  X509* const leaf = X509_STORE_CTX_get0_cert(store);
  if (leaf == nullptr) return fault(FaultCode::ssl_authentication_failed, "the peer showed no certificate");
  if (sk_X509_num(shown) > kMaxPeerCertificates) {
    return fault(FaultCode::ssl_authentication_failed, "the peer showed too many certificates");
  }
  auto first = certificate_of(leaf);
  if (!first) return first.error();
  chain.push_back(*std::move(first));
  for (int i = 0; i < sk_X509_num(shown); ++i) {
    X509* const one = sk_X509_value(shown, i);
    if (one == leaf || (i == 0 && X509_cmp(one, leaf) == 0)) continue;
    auto next = certificate_of(one);
    if (!next) return next.error();
    chain.push_back(*std::move(next));
  }
  return chain;
}

Result<void> accept(TlsPeer& peer, X509_STORE_CTX* store) {
  auto chain = shown_by_peer(store);
  if (!chain) return chain.error();
  peer.chain = std::make_shared<Certificates>(*std::move(chain));
  if (*peer.check) return (*peer.check)(*peer.chain);
  return {};
}

}  // namespace

void TlsPeer::attach(SSL* ssl) { SSL_set_ex_data(ssl, peer_index(), this); }

TlsPeer* TlsPeer::of(const SSL* ssl) { return static_cast<TlsPeer*>(SSL_get_ex_data(ssl, peer_index())); }

int check_peer(X509_STORE_CTX* store, void*) {
  auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsPeer& peer = *TlsPeer::of(ssl);
  const pki::ErrorQueueGuard guard;
  auto accepted = accept(peer, store);
  X509_STORE_CTX_set_error(store, accepted ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
  if (accepted) {
    if (SSL_is_server(ssl) == 1) keep_chain(ssl, peer.chain);
    return 1;
  }
  peer.refusal = std::move(accepted).error();
  return 0;
}

std::shared_ptr<const Certificates> chain_of_resumed_session(const SSL* ssl) {
  const auto* kept = static_cast<const ChainPtr*>(SSL_SESSION_get_ex_data(SSL_get_session(ssl), session_index()));
  return kept != nullptr ? *kept : std::make_shared<const Certificates>();
}

int keep_session(SSL* ssl, SSL_SESSION* session) {
  const TlsPeer* peer = TlsPeer::of(ssl);
  if (peer == nullptr || peer->sessions == nullptr || SSL_SESSION_is_resumable(session) != 1) return 0;
  peer->sessions->put(peer->endpoint, {SslSessionPtr(session), peer->chain});
  return 1;
}

std::optional<TlsSessions::Kept> TlsSessions::take(const std::string& endpoint) {
  const std::lock_guard lock(mutex_);
  const auto found = by_endpoint_.find(endpoint);
  if (found == by_endpoint_.end() || found->second.empty()) return std::nullopt;
  Kept& latest = found->second.back();
  if (SSL_SESSION_get_protocol_version(latest.session.get()) < TLS1_3_VERSION) {
    SSL_SESSION_up_ref(latest.session.get());
    return Kept{SslSessionPtr(latest.session.get()), latest.chain};
  }
  Kept kept = std::move(latest);
  found->second.pop_back();
  if (found->second.empty()) by_endpoint_.erase(found);
  return kept;
}

void TlsSessions::put(const std::string& endpoint, Kept kept) {
  const std::lock_guard lock(mutex_);
  if (by_endpoint_.size() >= kMaxEndpoints && !by_endpoint_.contains(endpoint))
    by_endpoint_.erase(by_endpoint_.begin());
  auto& all = by_endpoint_[endpoint];
  // One session of TLS 1.2 serves any number of connections.
  if (SSL_SESSION_get_protocol_version(kept.session.get()) < TLS1_3_VERSION) all.clear();
  if (all.size() >= kSessionsPerEndpoint) all.erase(all.begin());
  all.push_back(std::move(kept));
}

}  // namespace causeway::net
