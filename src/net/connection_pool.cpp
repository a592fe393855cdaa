// SPDX-License-Identifier: MIT
#include "net/connection_pool.hpp"

#include <algorithm>

namespace causeway::net {

std::unique_ptr<ClientConnection> ConnectionPool::take(const Endpoint& endpoint, const TlsClientContext* tls) {
  const auto found = idle_.find(Key{endpoint, tls});
  if (found == idle_.end()) return nullptr;
  auto& waiting = found->second;
  while (!waiting.empty()) {
    auto connection = std::move(waiting.back().connection);
    waiting.pop_back();
    --total_;
    if (connection->http.stream->quiet()) return connection;
  }
  return nullptr;
}

void ConnectionPool::put(std::unique_ptr<ClientConnection> connection) {
  auto& waiting = idle_[Key{connection->endpoint, connection->tls.get()}];
  if (waiting.size() >= kPerEndpoint || total_ >= kTotal) {
    connection->http.stream->close_writing();
    return;
  }
  connection->http.input.release();
  waiting.push_back({std::move(connection), std::chrono::steady_clock::now() + kIdleTime});
  ++total_;
}

void ConnectionPool::forget(const Endpoint& endpoint, const TlsClientContext* tls) {
  const auto found = idle_.find(Key{endpoint, tls});
  if (found == idle_.end()) return;
  for (const Idle& idle : found->second) idle.connection->http.stream->close_writing();
  total_ -= found->second.size();
  idle_.erase(found);
}

void ConnectionPool::sweep(std::chrono::steady_clock::time_point now) {
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    auto& waiting = entry->second;
    // Put in order of time, taken from the end.
    const auto live =
        std::find_if(waiting.begin(), waiting.end(), [now](const Idle& idle) { return idle.until > now; });
    for (auto expired = waiting.begin(); expired != live; ++expired) expired->connection->http.stream->close_writing();
    total_ -= static_cast<std::size_t>(live - waiting.begin());
    waiting.erase(waiting.begin(), live);
    entry = waiting.empty() ? idle_.erase(entry) : std::next(entry);
  }
}

}  // namespace causeway::net
