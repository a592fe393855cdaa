// SPDX-License-Identifier: MIT
// The connection to the provider's Security Server: chosen, opened, and its certificate
// checked before anything is sent (messages.md 4.1, 7).
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "globalconf/view.hpp"
#include "net/http_client.hpp"
#include "securityserver/consumer/provider_selection.hpp"
#include "securityserver/transport/key_ring.hpp"
#include "securityserver/transport/peer_verifier.hpp"
#include "securityserver/transport/transport_settings.hpp"

namespace causeway::securityserver {

// The HTTP client of the thread that asks.
using ThreadClient = std::function<net::HttpClient&()>;

class PeerConnector {
 public:
  PeerConnector(const TransportSettings& settings, PeerVerifier& verifier, FastestCache& fastest, ThreadClient client)
      : settings_(settings), verifier_(verifier), fastest_(fastest), client_(std::move(client)) {}

  // network_error when no address can be connected, ssl_authentication_failed when none
  // of them shows what the global configuration says.
  net::Task<Result<std::unique_ptr<net::ClientCall>>> connect(const std::vector<std::string>& addresses,
                                                              const ClientId& provider,
                                                              std::shared_ptr<const AuthenticationKey> key,
                                                              std::shared_ptr<const globalconf::View> view);

 private:
  // The fastest of `endpoints`; one that answers and is not what it should be is taken out.
  net::Task<Result<std::unique_ptr<net::ClientCall>>> connect_one_of(std::vector<net::Endpoint>& endpoints,
                                                                     const ClientId& provider,
                                                                     std::shared_ptr<const net::TlsClientContext> tls,
                                                                     std::shared_ptr<const globalconf::View> view,
                                                                     std::chrono::milliseconds timeout);
  Result<std::shared_ptr<const net::TlsClientContext>> tls_for(const std::shared_ptr<const AuthenticationKey>& key);
  net::Task<Result<std::vector<Bytes>>> fetch_ocsp(std::string host, std::vector<pki::Certificate> certificates);

  const TransportSettings& settings_;
  PeerVerifier& verifier_;
  FastestCache& fastest_;
  ThreadClient client_;
  std::mutex mutex_;
  std::shared_ptr<const AuthenticationKey> tls_key_;  // the context below shows this one
  std::shared_ptr<const net::TlsClientContext> tls_;
};

}  // namespace causeway::securityserver
