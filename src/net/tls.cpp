// SPDX-License-Identifier: MIT
#include "net/tls.hpp"

#include "net/tls_peer.hpp"

namespace causeway::net {

namespace {

constexpr long kSessionSeconds = 600;
constexpr long kMaxSessions = 1000;  // of a server's context; the oldest goes first
// A session holds the certificates that the client showed, and OpenSSL takes 100 KiB of them from
// anybody. Real chains have 2 to 6.
constexpr int kMaxChainOfSession = 16 * 1024;

Fault setting_up(std::string_view what) { return pki::openssl_fault(FaultCode::internal_error, what); }

Result<void> set_suites(SSL_CTX* context, const TlsSuites& suites) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  if (!suites.tls12.empty() && SSL_CTX_set_cipher_list(context, suites.tls12.c_str()) != 1) {
    return setting_up("TLS 1.2 cipher suites \"" + suites.tls12 + "\"");
  }
  if (suites.tls13.empty() && !suites.tls12.empty()) SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  if (!suites.tls13.empty() && SSL_CTX_set_ciphersuites(context, suites.tls13.c_str()) != 1) {
    return setting_up("TLS 1.3 cipher suites \"" + suites.tls13 + "\"");
  }
  return {};
}

Result<void> set_identity(SSL_CTX* context, const TlsIdentity& identity) {
  if (identity.chain.empty()) return fault(FaultCode::internal_error, "a TLS identity needs a certificate");
  if (SSL_CTX_use_certificate(context, identity.chain.front().handle()) != 1) return setting_up("TLS certificate");
  for (std::size_t i = 1; i < identity.chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, identity.chain[i].handle()) != 1) return setting_up("TLS certificate chain");
  }
  if (SSL_CTX_use_PrivateKey(context, identity.key.handle()) != 1) return setting_up("TLS key");
  return {};
}

Result<SslCtxPtr> make_context(const SSL_METHOD* method, const TlsSuites& suites, const TlsIdentity* identity) {
  ERR_clear_error();
  SslCtxPtr context(SSL_CTX_new(method));
  if (!context) return setting_up("TLS context");
  // The chain is what the identity says, not what could be built from some store.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
  // A connection that ends without a farewell is told from one with it by TlsStream; to OpenSSL
  // its session would be a bad one, and there are peers that never say it.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_cert_verify_callback(context.get(), &check_peer, nullptr);
  SSL_CTX_set_timeout(context.get(), kSessionSeconds);
  if (auto set = set_suites(context.get(), suites); !set) return set.error();
  if (identity != nullptr) {
    if (auto set = set_identity(context.get(), *identity); !set) return set.error();
  }
  return context;
}

int chain_octets(SSL* ssl) {
  int octets = 0;
  if (const X509* leaf = SSL_get0_peer_certificate(ssl)) octets += i2d_X509(leaf, nullptr);
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) octets += i2d_X509(sk_X509_value(chain, i), nullptr);
  return octets;
}

// OpenSSL has just put it among those that can be resumed.
int drop_long_session(SSL* ssl, SSL_SESSION* session) {
  if (chain_octets(ssl) > kMaxChainOfSession) SSL_CTX_remove_session(SSL_get_SSL_CTX(ssl), session);
  return 0;
}

// Sessions stay here, where they were made: a ticket would have to be decrypted, and the
// client's certificates in it read again, for every connection.
void set_resumption(SSL_CTX* context, bool on) {
  static constexpr unsigned char kContextId[] = "causeway";
  SSL_CTX_set_session_id_context(context, kContextId, sizeof kContextId - 1);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, on ? SSL_SESS_CACHE_SERVER : SSL_SESS_CACHE_OFF);
  SSL_CTX_sess_set_cache_size(context, kMaxSessions);
  SSL_CTX_sess_set_new_cb(context, &drop_long_session);
  SSL_CTX_set_num_tickets(context, on ? 1 : 0);
}

void set_client_certificate(SSL_CTX* context, const TlsServerOptions& options) {
  using Wanted = TlsServerOptions::ClientCertificate;
  if (options.client_certificate == Wanted::none) return;
  const bool required = options.client_certificate == Wanted::required;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  for (const pki::Certificate& issuer : options.acceptable_issuers) SSL_CTX_add_client_CA(context, issuer.handle());
}

}  // namespace

struct TlsServerContext::State {
  TlsServerOptions options;
  SslCtxPtr context;
};

TlsServerContext::TlsServerContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsServerContext::~TlsServerContext() = default;
ssl_ctx_st* TlsServerContext::handle() const { return state_->context.get(); }
const TlsServerOptions& TlsServerContext::options() const { return state_->options; }

Result<std::shared_ptr<const TlsServerContext>> TlsServerContext::make(TlsServerOptions options) {
  auto context = make_context(TLS_server_method(), options.suites, &options.identity);
  if (!context) return context.error();
  SSL_CTX_set_options(context->get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_dh_auto(context->get(), 1);
  set_resumption(context->get(), options.session_resumption);
  set_client_certificate(context->get(), options);
  return std::shared_ptr<const TlsServerContext>(
      new TlsServerContext(std::unique_ptr<State>(new State{std::move(options), *std::move(context)})));
}

struct TlsClientContext::State {
  TlsClientOptions options;
  TlsSessions sessions;
  SslCtxPtr context;
};

TlsClientContext::TlsClientContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsClientContext::~TlsClientContext() = default;
ssl_ctx_st* TlsClientContext::handle() const { return state_->context.get(); }
const TlsClientOptions& TlsClientContext::options() const { return state_->options; }
TlsSessions& TlsClientContext::sessions() const { return state_->sessions; }

Result<std::shared_ptr<const TlsClientContext>> TlsClientContext::make(TlsClientOptions options) {
  auto context = make_context(TLS_client_method(), options.suites, options.identity.get());
  if (!context) return context.error();
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
  if (options.session_resumption) {
    SSL_CTX_set_session_cache_mode(context->get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context->get(), &keep_session);
  } else {
    SSL_CTX_set_options(context->get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context->get(), SSL_SESS_CACHE_OFF);
  }
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  state->context = *std::move(context);
  return std::shared_ptr<const TlsClientContext>(new TlsClientContext(std::move(state)));
}

}  // namespace causeway::net
