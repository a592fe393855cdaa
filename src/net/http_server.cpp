// SPDX-License-Identifier: MIT
#include "net/http_server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/log.hpp"
#include "base/snapshot.hpp"
#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "net/file_handles.hpp"
#include "net/server_call.hpp"
#include "net/tls_stream.hpp"

namespace causeway::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// What is read for nothing, so that a connection can be used again or a last answer arrives.
constexpr std::uint64_t kDrainLimit = 4 * 1024 * 1024;
constexpr std::chrono::seconds kLingerTime{5};
constexpr std::chrono::milliseconds kAcceptPause{100};
// A request is on its way for so long before its connection counts as idle.
constexpr std::chrono::seconds kGraceToSpeak{1};
// How long the destructor waits for handlers that were cut off to notice.
constexpr std::chrono::seconds kCutTime{30};

// A connection while it lives; known to its thread so that stop() can reach it.
struct Connection {
  HttpConnection http;
  std::string address;  // of the peer
  bool waiting = true;  // for a request, so nothing is lost by closing
  std::chrono::steady_clock::time_point waiting_since = std::chrono::steady_clock::now();
  bool cut = false;  // to make room
  std::uint64_t tls_version = 0;
};

// Of one thread; touched only there.
struct Lane {
  asio::io_context* context = nullptr;
  tcp::acceptor* acceptor = nullptr;
  asio::steady_timer* slot_wait = nullptr;
  std::unordered_set<Connection*> connections;
  FileHandles handles;
};

struct ServerCore {
  ListenOptions options;
  Handler handler;
  Snapshot<TlsServerContext> tls;
  std::atomic<std::uint64_t> tls_version = 0;  // grows after `tls` was replaced
  std::vector<Lane> lanes;
  std::size_t lane_limit = 1;
  std::atomic<bool> stopping = false;

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = 0;  // coroutines: accept loops and connections

  void enter() {
    const std::lock_guard lock(mutex);
    ++running;
  }
  void leave() {
    const std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  }
};

// Counts a coroutine while its frame lives, however that ends.
class Presence {
 public:
  explicit Presence(std::shared_ptr<ServerCore> core) : core_(std::move(core)) { core_->enter(); }
  ~Presence() {
    if (core_) core_->leave();
  }
  Presence(Presence&& other) noexcept = default;
  Presence& operator=(Presence&&) = delete;
  ServerCore& operator*() const { return *core_; }
  ServerCore* operator->() const { return core_.get(); }
  const std::shared_ptr<ServerCore>& core() const { return core_; }

 private:
  std::shared_ptr<ServerCore> core_;
};

class Registered {
 public:
  Registered(Lane& lane, Connection& connection) : lane_(lane), connection_(connection) {
    lane_.connections.insert(&connection_);
  }
  ~Registered() {
    lane_.connections.erase(&connection_);
    if (lane_.slot_wait != nullptr) lane_.slot_wait->cancel();
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

 private:
  Lane& lane_;
  Connection& connection_;
};

enum class HeadResult { read, ended, refused };

// Empty lines before a request are passed over (RFC 9112 2.2).
void skip_empty_lines(InputBuffer& input) {
  for (int i = 0; i < 4 && !input.empty(); ++i) {
    const char first = input.data().front();
    if (first != '\r' && first != '\n') return;
    input.take(1);
  }
}

Task<void> refuse(Connection& connection, int status, std::string_view reason) {
  HttpConnection& http = connection.http;
  log::info("{}: a request was refused with {}: {}", connection.address, status, reason);
  http.stream->set_deadline(std::chrono::steady_clock::now() + kLingerTime);
  if (auto sent = co_await http.stream->write(as_bytes(refusal_text(status, reason))); !sent) co_return;
  http.stream->close_writing();
  co_await http.stream->linger(kDrainLimit, kLingerTime);
}

// Reads one head. After its first octet it must be complete within the idle time, so
// that a trickle of octets cannot hold a connection.
Task<HeadResult> read_head(const ServerLimits& limits, Connection& connection, bool first, ParsedRequest& into) {
  HttpConnection& http = connection.http;
  std::size_t scanned = 0;
  bool begun = false;
  http.stream->set_idle_time(first ? limits.idle_time : limits.keep_alive_time);
  for (;;) {
    if (!begun) skip_empty_lines(http.input);
    const std::string_view data = http.input.data();
    if (!begun && !data.empty()) {
      begun = true;
      http.stream->set_idle_time(limits.idle_time);
      if (limits.idle_time.count() > 0) {
        http.stream->set_deadline(std::chrono::steady_clock::now() + limits.idle_time);
      }
      if (!is_token(data.substr(0, 1))) {
        co_await refuse(connection, 400, "malformed request line");
        co_return HeadResult::refused;
      }
    }
    const auto end = find_head_end(data, scanned);
    if (end.value_or(data.size()) > limits.max_head_size) {
      const bool in_first_line = data.substr(0, limits.max_head_size).find('\n') == std::string_view::npos;
      co_await refuse(connection, in_first_line ? 414 : 431, "the request is too long");
      co_return HeadResult::refused;
    }
    if (end) {
      if (auto fault = parse_request_head(data.substr(0, *end), into)) {
        co_await refuse(connection, fault->status, fault->text);
        co_return HeadResult::refused;
      }
      http.input.take(*end);
      http.stream->set_deadline(std::chrono::steady_clock::time_point::max());
      co_return HeadResult::read;
    }
    const auto size = co_await http.input.fill(*http.stream);
    if (size && *size > 0) continue;
    if (begun)
      log::info("{}: a request was given up in its head: {}", connection.address,
                size ? "the peer ended the connection" : size.error().text);
    co_return HeadResult::ended;
  }
}

Task<void> call_handler(const Handler& handler, Exchange& exchange) {
  std::string bug;
  try {
    co_await handler(exchange);
  } catch (const std::exception& thrown) {
    bug = thrown.what();
  }
  if (!bug.empty()) {
    log::error("{} {}: {}", exchange.head().method, exchange.head().target, bug);
    if (exchange.responded()) exchange.abort();
  }
  if (!exchange.responded() && !exchange.aborted()) {
    if (auto sent = co_await exchange.respond(ResponseHead{500, {}, {}}, ByteView()); !sent) exchange.abort();
  }
}

// One request and its answer. True when the connection can serve another.
Task<bool> serve_one(ServerCore& core, Connection& connection, const ServerPeer& peer, bool first) {
  HttpConnection& http = connection.http;
  ParsedRequest request;
  connection.waiting = true;
  connection.waiting_since = std::chrono::steady_clock::now();
  if (co_await read_head(core.options.limits, connection, first, request) != HeadResult::read) co_return false;
  connection.waiting = false;

  const bool as_it_began = connection.tls_version == core.tls_version;
  Exchange exchange(http, std::move(request), peer,
                    !core.options.close_after_response && !core.stopping && as_it_began);
  co_await call_handler(core.handler, exchange);
  if (!exchange.complete()) {
    http.stream->cut();
    co_return false;
  }
  IncomingBody& body = exchange.incoming();
  const bool drainable = !body.continue_unsent() && body.left().value_or(0) <= kDrainLimit;
  if (exchange.keeps_alive() && drainable && co_await body.drain(kDrainLimit)) co_return true;
  http.stream->close_writing();
  if (!body.done()) co_await http.stream->linger(kDrainLimit, kLingerTime);
  co_return false;
}

Task<void> serve_connection(Presence core, Lane& lane, tcp::socket socket, tcp::endpoint remote) {
  Connection connection;
  ServerPeer peer;
  const std::vector<pki::Certificate> nobody;
  peer.address = remote.address().to_string();
  peer.certificates = &nobody;
  connection.tls_version = core->tls_version;  // first: a change in between ends it early
  const auto tls = core->tls.get();
  connection.address = peer.address;
  const Registered registered(lane, connection);
  if (tls) {
    auto stream = TlsStream::server(std::move(socket), tls);
    TlsStream& secured = *stream;
    connection.http.stream = std::move(stream);
    if (core->options.limits.idle_time.count() > 0) {
      secured.set_deadline(std::chrono::steady_clock::now() + core->options.limits.idle_time);
    }
    if (auto shaken = co_await secured.handshake(); !shaken) {
      log::info("{}: {}", peer.address, shaken.error().text);
      co_return;
    }
    secured.set_deadline(std::chrono::steady_clock::time_point::max());
    peer.tls = true;
    peer.certificates = &secured.peer_certificates();
  } else {
    connection.http.stream = make_plain_stream(std::move(socket));
  }
  bool first = true;
  while (co_await serve_one(*core, connection, peer, first) && !core->stopping) first = false;
  connection.http.stream->close_writing();
}

// What stop() and ending connections reach of an accept loop, while its frame lives.
class Accepting {
 public:
  Accepting(Lane& lane, tcp::acceptor& acceptor, asio::steady_timer& slot_wait) : lane_(lane) {
    lane_.acceptor = &acceptor;
    lane_.slot_wait = &slot_wait;
  }
  ~Accepting() {
    lane_.acceptor = nullptr;
    lane_.slot_wait = nullptr;
  }
  Accepting(const Accepting&) = delete;
  Accepting& operator=(const Accepting&) = delete;

 private:
  Lane& lane_;
};

// Of the connections that have sent no whole request for a while, the oldest of the
// address that has most of them: who opens thousands and says nothing loses them to those
// who speak.
void make_room(Lane& lane) {
  const auto before = std::chrono::steady_clock::now() - kGraceToSpeak;
  std::unordered_map<std::string_view, std::vector<Connection*>> idle;
  for (Connection* connection : lane.connections) {
    if (connection->cut) return;  // its place is about to become free
    if (connection->waiting && connection->waiting_since < before && connection->http.stream)
      idle[connection->address].push_back(connection);
  }
  if (idle.empty()) return;
  const auto most = std::max_element(idle.begin(), idle.end(),
                                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  Connection& victim = **std::min_element(most->second.begin(), most->second.end(), [](const auto* a, const auto* b) {
    return a->waiting_since < b->waiting_since;
  });
  log::info("{}: an idle connection was closed to make room", victim.address);
  victim.cut = true;
  victim.http.stream->cut();
}

Task<void> accept_connections(Presence core, Lane& lane, tcp::acceptor acceptor) {
  asio::steady_timer pause(*lane.context);
  const Accepting accepting(lane, acceptor, pause);
  while (!core->stopping) {
    tcp::endpoint remote;
    auto [error, socket] = co_await acceptor.async_accept(remote, asio::as_tuple(asio::use_awaitable));
    if (core->stopping) break;
    if (error) {  // out of descriptors, or a peer that left again
      if (error == asio::error::connection_aborted) continue;
      log::warn("accepting connections: {}", error.message());
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
      continue;
    }
    if (!lane.handles.take(core->options.limits.min_free_handles, core->lanes.size())) {
      log::error("{}: a connection was closed, file handles are running out", remote.address().to_string());
      continue;
    }
    while (lane.connections.size() >= core->lane_limit && !core->stopping) {
      make_room(lane);
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (core->stopping) break;
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    spawn(*lane.context, "connection of " + remote.address().to_string(),
          [presence = Presence(core.core()), &lane, accepted = std::move(socket), remote]() mutable {
            return serve_connection(std::move(presence), lane, std::move(accepted), remote);
          });
  }
}

Result<tcp::endpoint> resolve_local(asio::io_context& context, const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address(address, error);
  if (!error) return tcp::endpoint(numeric, port);
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(address, std::to_string(port), error);
  if (error || found.empty())
    return fault(FaultCode::io_error, "address " + address + " to listen on: " + error.message());
  return found.begin()->endpoint();
}

Fault listen_fault(const tcp::endpoint& endpoint, const boost::system::error_code& error) {
  return fault(FaultCode::io_error, "listening on " + endpoint.address().to_string() + " port " +
                                        std::to_string(endpoint.port()) + ": " + error.message());
}

// SO_REUSEPORT would let a second server share the address unnoticed, so it is tried
// first without.
Result<tcp::acceptor> listen(asio::io_context& context, const tcp::endpoint& endpoint, bool shared) {
  boost::system::error_code error;
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  const int on = 1;
  if (!error && shared && ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    error.assign(errno, boost::system::system_category());
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error && shared) acceptor.listen(4096, error);
  if (error) return listen_fault(endpoint, error);
  return acceptor;
}

class Server : public HttpServer {
 public:
  Server(IoThreads& threads, ListenOptions options, Handler handler)
      : threads_(threads), core_(std::make_shared<ServerCore>()) {
    core_->options = std::move(options);
    core_->handler = std::move(handler);
    core_->tls.set(core_->options.tls);
    core_->lanes.resize(threads.size());
    core_->lane_limit = std::max<std::size_t>(1, core_->options.limits.max_connections / threads.size());
  }

  ~Server() override { stop(std::chrono::milliseconds(0)); }

  Result<void> start() {
    auto endpoint = resolve_local(threads_.at(0), core_->options.address, core_->options.port);
    if (!endpoint) return endpoint.error();
    if (endpoint->port() != 0) {
      if (auto free = listen(threads_.at(0), *endpoint, false); !free) return free.error();
    }
    std::vector<tcp::acceptor> acceptors;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      auto acceptor = listen(threads_.at(i), *endpoint, true);
      if (!acceptor) return acceptor.error();
      endpoint->port(acceptor->local_endpoint().port());
      acceptors.push_back(*std::move(acceptor));
    }
    port_ = endpoint->port();
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      Lane& lane = core_->lanes[i];
      lane.context = &threads_.at(i);
      spawn(*lane.context, "accepting connections",
            [presence = Presence(core_), &lane, acceptor = std::move(acceptors[i])]() mutable {
              return accept_connections(std::move(presence), lane, std::move(acceptor));
            });
    }
    return {};
  }

  std::uint16_t port() const override { return port_; }
  void set_tls(std::shared_ptr<const TlsServerContext> tls) override {
    core_->tls.set(std::move(tls));
    ++core_->tls_version;
  }

  void stop(std::chrono::milliseconds grace) override {
    core_->stopping = true;
    on_every_lane([](Lane& lane) {
      boost::system::error_code ignored;
      if (lane.acceptor != nullptr) lane.acceptor->close(ignored);
      if (lane.slot_wait != nullptr) lane.slot_wait->cancel();
      for (Connection* connection : lane.connections) {
        if (connection->waiting && connection->http.stream) connection->http.stream->cut();
      }
    });
    if (wait_until_empty(grace)) return;
    on_every_lane([](Lane& lane) {
      for (Connection* connection : lane.connections) {
        if (connection->http.stream) connection->http.stream->cut();
      }
    });
    if (!wait_until_empty(kCutTime)) log::error("a server on port {} ended with calls still running", port_);
  }

 private:
  template <class Action>
  void on_every_lane(Action action) {
    for (std::size_t i = 0; i < core_->lanes.size(); ++i) {
      asio::post(threads_.at(i), [core = core_, i, action] { action(core->lanes[i]); });
    }
  }

  // Also when the loops were stopped, after which nothing will change any more.
  bool wait_until_empty(std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    std::unique_lock lock(core_->mutex);
    while (core_->running > 0 && !threads_.at(0).stopped()) {
      if (std::chrono::steady_clock::now() >= until) return false;
      core_->changed.wait_for(lock, std::chrono::milliseconds(50));
    }
    return true;
  }

  IoThreads& threads_;
  std::shared_ptr<ServerCore> core_;
  std::uint16_t port_ = 0;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(IoThreads& threads, ListenOptions options, Handler handler) {
  auto server = std::make_unique<Server>(threads, std::move(options), std::move(handler));
  if (auto started = server->start(); !started) return started.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace causeway::net
