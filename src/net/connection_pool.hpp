// SPDX-License-Identifier: MIT
// Client connections between two requests.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "net/deadline_sweep.hpp"
#include "net/http_client.hpp"
#include "net/http_connection.hpp"
#include "net/tls_peer.hpp"

namespace causeway::net {

struct ClientConnection {
  HttpConnection http;
  Endpoint endpoint;
  // Keeps the address from being taken by another context while the connection lives.
  std::shared_ptr<const TlsClientContext> tls;
  const Certificates* peer_certificates = nullptr;
  bool used = false;  // served a request already
};

class ConnectionPool : private Swept {
 public:
  static constexpr std::size_t kPerEndpoint = 2500;  // as X-Road's CP (messages.md section 10)
  static constexpr std::size_t kTotal = 10000;
  // Less than the 30 s after which X-Road's servers close.
  static constexpr std::chrono::seconds kIdleTime{25};

  explicit ConnectionPool(boost::asio::io_context& context) : Swept(context) {}

  // The one used last, if it is still open and silent.
  std::unique_ptr<ClientConnection> take(const Endpoint& endpoint, const TlsClientContext* tls);
  void put(std::unique_ptr<ClientConnection> connection);
  // Closes those that wait.
  void forget(const Endpoint& endpoint, const TlsClientContext* tls);

 private:
  using Key = std::tuple<Endpoint, const TlsClientContext*>;
  struct Idle {
    std::unique_ptr<ClientConnection> connection;
    std::chrono::steady_clock::time_point until;
  };

  void sweep(std::chrono::steady_clock::time_point now) override;

  std::map<Key, std::vector<Idle>> idle_;
  std::size_t total_ = 0;
};

}  // namespace causeway::net
