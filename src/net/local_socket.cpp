// SPDX-License-Identifier: MIT
#include "net/local_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <unordered_set>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "net/transport.hpp"

namespace causeway::net {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kCutTime{30};

Result<Local::endpoint> endpoint_at(const std::string& path) {
  // The kernel's limit, of which Asio would tell by an exception.
  if (path.empty() || path.size() > 107)
    return fault(FaultCode::io_error, "socket path " + path + ": too long or empty");
  return Local::endpoint(path);
}

struct Shared {
  LocalServer::Handler handler;
  asio::io_context* context = nullptr;
  // On the server's thread only.
  Local::acceptor* acceptor = nullptr;
  std::unordered_set<Stream*> streams;
  bool stopping = false;

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = 0;
};

// A coroutine of the server, counted while its frame lives.
class Presence {
 public:
  explicit Presence(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {
    const std::lock_guard lock(shared_->mutex);
    ++shared_->running;
  }
  ~Presence() {
    if (!shared_) return;
    const std::lock_guard lock(shared_->mutex);
    --shared_->running;
    shared_->changed.notify_all();
  }
  Presence(Presence&&) noexcept = default;
  Presence& operator=(Presence&&) = delete;
  Shared* operator->() const { return shared_.get(); }
  const std::shared_ptr<Shared>& shared() const { return shared_; }

 private:
  std::shared_ptr<Shared> shared_;
};

class Registered {
 public:
  Registered(Shared& shared, Stream& stream) : shared_(shared), stream_(stream) { shared_.streams.insert(&stream_); }
  ~Registered() { shared_.streams.erase(&stream_); }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

 private:
  Shared& shared_;
  Stream& stream_;
};

LocalPeer peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  return {credentials.pid, credentials.uid, credentials.gid};
}

Task<void> serve(Presence server, Local::socket socket) {
  const LocalPeer peer = peer_of(socket.native_handle());
  const auto stream = make_plain_stream(Transport::Socket(std::move(socket)));
  const Registered registered(*server.shared(), *stream);
  co_await server->handler(*stream, peer);
}

Task<void> accept_connections(Presence server, Local::acceptor acceptor) {
  server->acceptor = &acceptor;
  while (!server->stopping) {
    auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (server->stopping) break;
    if (error) {
      log::warn("accepting local connections: {}", error.message());
      co_await sleep_for(kAcceptPause);
      continue;
    }
    spawn(*server->context, "local connection",
          [presence = Presence(server.shared()), accepted = std::move(socket)]() mutable {
            return serve(std::move(presence), std::move(accepted));
          });
  }
  server->acceptor = nullptr;
}

bool answers(asio::io_context& context, const Local::endpoint& endpoint) {
  Local::socket socket(context);
  boost::system::error_code refused;
  socket.connect(endpoint, refused);
  return !refused;
}

class Server : public LocalServer {
 public:
  Server(std::shared_ptr<Shared> shared, std::string path) : shared_(std::move(shared)), path_(std::move(path)) {}

  ~Server() override {
    ::unlink(path_.c_str());
    asio::post(*shared_->context, [shared = shared_] {
      shared->stopping = true;
      boost::system::error_code ignored;
      if (shared->acceptor != nullptr) shared->acceptor->close(ignored);
      for (Stream* stream : shared->streams) stream->cut();
    });
    const auto until = std::chrono::steady_clock::now() + kCutTime;
    std::unique_lock lock(shared_->mutex);
    while (shared_->running > 0 && !shared_->context->stopped() && std::chrono::steady_clock::now() < until) {
      shared_->changed.wait_for(lock, std::chrono::milliseconds(50));
    }
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::string path_;
};

}  // namespace

Task<Result<std::unique_ptr<Stream>>> connect_local(std::string path) {
  const auto endpoint = endpoint_at(path);
  if (!endpoint) co_return endpoint.error();
  Local::socket socket(co_await asio::this_coro::executor);
  const auto [error] = co_await socket.async_connect(*endpoint, asio::as_tuple(asio::use_awaitable));
  if (error) co_return fault(FaultCode::network_error, "connecting to " + path + ": " + error.message());
  co_return make_plain_stream(Transport::Socket(std::move(socket)));
}

Result<std::unique_ptr<LocalServer>> LocalServer::start(asio::io_context& context, std::string path, unsigned mode,
                                                        Handler handler) {
  const auto endpoint = endpoint_at(path);
  if (!endpoint) return endpoint.error();
  struct stat found{};
  if (::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)) {
    if (answers(context, *endpoint)) return fault(FaultCode::io_error, "another process listens at " + path);
    ::unlink(path.c_str());
  }
  boost::system::error_code error;
  Local::acceptor acceptor(context);
  acceptor.open(Local(), error);
  if (!error) acceptor.bind(*endpoint, error);
  // Nobody can connect before listen(), so the mode is right from the first moment.
  if (!error && ::chmod(path.c_str(), static_cast<mode_t>(mode)) != 0) {
    error.assign(errno, boost::system::system_category());
  }
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fault(FaultCode::io_error, "listening at " + path + ": " + error.message());

  auto shared = std::make_shared<Shared>();
  shared->handler = std::move(handler);
  shared->context = &context;
  spawn(context, "accepting local connections",
        [presence = Presence(shared), listening = std::move(acceptor)]() mutable {
          return accept_connections(std::move(presence), std::move(listening));
        });
  return std::unique_ptr<LocalServer>(std::make_unique<Server>(std::move(shared), std::move(path)));
}

}  // namespace causeway::net
