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
  if (accepted) return 1;
  peer.refusal = std::move(accepted).error();
  return 0;
}

int put_chain_into_ticket(SSL* ssl, void*) {
  const TlsPeer* peer = TlsPeer::of(ssl);
  if (peer == nullptr || peer->chain->size() < 2) return 1;
  Bytes rest;
  for (auto certificate = peer->chain->begin() + 1; certificate != peer->chain->end(); ++certificate) {
    rest.insert(rest.end(), certificate->der().begin(), certificate->der().end());
  }
  return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), rest.data(), rest.size());
}

std::shared_ptr<const Certificates> chain_of_resumed_session(SSL* ssl) {
  const pki::ErrorQueueGuard guard;
  auto chain = std::make_shared<Certificates>();
  X509* const leaf = SSL_get0_peer_certificate(ssl);
  if (leaf == nullptr) return chain;
  auto first = certificate_of(leaf);
  if (!first) return chain;
  chain->push_back(*std::move(first));
  void* rest = nullptr;
  std::size_t size = 0;
  if (SSL_SESSION_get0_ticket_appdata(SSL_get_session(ssl), &rest, &size) != 1) return chain;
  const auto* position = static_cast<const unsigned char*>(rest);
  const unsigned char* const end = position + size;
  while (position != end) {
    const pki::X509Ptr one(d2i_X509(nullptr, &position, end - position));
    if (!one) break;
    auto next = certificate_of(one.get());
    if (!next) break;
    chain->push_back(*std::move(next));
  }
  return chain;
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
