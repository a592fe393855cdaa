// SPDX-License-Identifier: MIT
// What is known of the other side of a TLS connection, and the sessions to resume.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/tls.hpp"
#include "pki/openssl_handles.hpp"

namespace causeway::net {

using SslPtr = pki::Handle<SSL, &SSL_free>;
using SslCtxPtr = pki::Handle<SSL_CTX, &SSL_CTX_free>;
using SslSessionPtr = pki::Handle<SSL_SESSION, &SSL_SESSION_free>;

using Certificates = std::vector<pki::Certificate>;

// Sessions of one client context, by endpoint. Any thread.
class TlsSessions {
 public:
  struct Kept {
    SslSessionPtr session;
    std::shared_ptr<const Certificates> chain;
  };
  // A TLS 1.3 ticket is given out once (RFC 8446 C.4).
  std::optional<Kept> take(const std::string& endpoint);
  void put(const std::string& endpoint, Kept kept);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<Kept>> by_endpoint_;
};

// Hangs on the SSL object while it lives.
struct TlsPeer {
  const PeerCheck* check = nullptr;
  std::shared_ptr<const Certificates> chain = std::make_shared<Certificates>();
  std::optional<Fault> refusal;
  // Of a client: where its sessions go.
  TlsSessions* sessions = nullptr;
  std::string endpoint;

  void attach(SSL* ssl);
  static TlsPeer* of(const SSL* ssl);
};

// For SSL_CTX_set_cert_verify_callback: the peer's check in place of OpenSSL's own.
int check_peer(X509_STORE_CTX* store, void*);
// What the peer showed when the session began: a server's sessions keep it.
std::shared_ptr<const Certificates> chain_of_resumed_session(const SSL* ssl);
// For SSL_CTX_sess_set_new_cb.
int keep_session(SSL* ssl, SSL_SESSION* session);

}  // namespace causeway::net
