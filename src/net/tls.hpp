// SPDX-License-Identifier: MIT
// TLS contexts. Each is immutable once made and shared between connections.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pki/certificate.hpp"
#include "pki/key.hpp"

struct ssl_ctx_st;

namespace causeway::net {

class TlsSessions;

// A key and the chain to show with it: leaf first, without the root.
struct TlsIdentity {
  pki::PrivateKey key;
  std::vector<pki::Certificate> chain;
};

// OpenSSL's names; empty: the default of the library.
struct TlsSuites {
  std::string tls12;  // "ECDHE-RSA-AES256-SHA384:..."
  std::string tls13;  // empty: TLS 1.3 is off when `tls12` is set
};

// Called with what the peer showed, leaf first: in a full handshake while it runs, for
// a resumed session (which shows nothing anew) right after it with the certificates of
// the handshake the session comes from. A Fault refuses the peer. Runs on the
// connection's thread and must not block.
using PeerCheck = std::function<Result<void>(const std::vector<pki::Certificate>&)>;

struct TlsServerOptions {
  TlsIdentity identity;
  TlsSuites suites;
  enum class ClientCertificate { none, requested, required } client_certificate = ClientCertificate::none;
  std::vector<pki::Certificate> acceptable_issuers;
  PeerCheck check;                 // with a client certificate; empty: any is accepted
  bool session_resumption = true;  // sessions are kept, with the client's chain
};

struct TlsClientOptions {
  std::shared_ptr<const TlsIdentity> identity;  // null: no client certificate
  TlsSuites suites;
  PeerCheck check;                 // empty: any certificate is accepted
  bool session_resumption = true;  // sessions are kept per endpoint
};

class TlsServerContext {
 public:
  // internal_error when the key does not fit the certificate or no suite is usable.
  static Result<std::shared_ptr<const TlsServerContext>> make(TlsServerOptions options);
  ~TlsServerContext();
  ssl_ctx_st* handle() const;
  const TlsServerOptions& options() const;

 private:
  struct State;
  explicit TlsServerContext(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class TlsClientContext {
 public:
  // internal_error as above.
  static Result<std::shared_ptr<const TlsClientContext>> make(TlsClientOptions options);
  ~TlsClientContext();
  ssl_ctx_st* handle() const;
  const TlsClientOptions& options() const;
  TlsSessions& sessions() const;

 private:
  struct State;
  explicit TlsClientContext(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace causeway::net
