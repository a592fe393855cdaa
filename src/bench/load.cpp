// SPDX-License-Identifier: MIT
#include "bench/load.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>

#include "base/handle.hpp"
#include "bench/response_reader.hpp"
#include "domain/fault_code.hpp"
#include "net/http_client.hpp"

namespace causeway::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

constexpr std::size_t kReceiveBuffer = 256 * 1024;
constexpr std::size_t kFillingPiece = 256 * 1024;
// How often requests without an answer are looked for.
constexpr std::chrono::milliseconds kSweep{200};
// A connection that cannot be made is tried again only after a moment.
constexpr std::chrono::milliseconds kRetry{20};
constexpr int kEventsAtOnce = 256;

class Socket {
 public:
  explicit Socket(int handle = -1) : handle_(handle) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    close();
    handle_ = std::exchange(other.handle_, -1);
    return *this;
  }
  int get() const { return handle_; }
  explicit operator bool() const { return handle_ >= 0; }

 private:
  void close() {
    if (handle_ >= 0) ::close(handle_);
    handle_ = -1;
  }
  int handle_;
};

using AddressesPtr = Handle<addrinfo, &::freeaddrinfo>;

Result<AddressesPtr> addresses_of(const net::Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (failure != 0)
    return fault(FaultCode::network_error, fmt::format("{}: {}", endpoint.host, ::gai_strerror(failure)));
  return AddressesPtr(found);
}

std::string head_of(const LoadRequest& request, const net::Url& url, bool keep_alive) {
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}:{}\r\n", request.method, url.target, url.endpoint.host,
                                 url.endpoint.port);
  for (const auto& [name, value] : request.headers) head += fmt::format("{}: {}\r\n", name, value);
  const std::uint64_t size = request.filling > 0 ? request.filling : request.body.size();
  if (size > 0 || request.method == "POST" || request.method == "PUT")
    head += fmt::format("Content-Length: {}\r\n", size);
  if (!keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

struct Connection {
  Socket socket;
  enum class State { closed, connecting, idle, sending, waiting } state = State::closed;
  bool writable_wanted = false;
  std::uint64_t sent = 0;     // of the request, its head included
  std::optional<Time> begun;  // when its request was to be sent; nothing: it has none
  Time retry{};               // closed: not before
  ResponseReader reader;
};

class Loader {
 public:
  Loader(const Load& load, const net::Url& url, AddressesPtr addresses)
      : load_(load),
        addresses_(std::move(addresses)),
        start_text_(head_of(load.request, url, load.keep_alive) + load.request.body),
        size_(start_text_.size() + load.request.filling),
        filling_(load.request.filling > 0 ? kFillingPiece : 0, 'x'),
        buffer_(kReceiveBuffer),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        connections_(load.connections),
        closed_(load.connections) {}

  LoadResult run() {
    begin_ = Clock::now();
    end_ = load_.requests > 0 ? Time::max() : begin_ + load_.duration;
    for (Connection& connection : connections_) connect(connection);
    while (!over()) {
      const Time now = Clock::now();
      start_due(now);
      wait(now);
      if (Clock::now() >= next_sweep_) sweep();
    }
    result_.seconds = seconds_between(begin_, load_.requests > 0 ? Clock::now() : end_);
    return std::move(result_);
  }

 private:
  static double seconds_between(Time from, Time to) { return std::chrono::duration<double>(to - from).count(); }
  bool open_loop() const { return load_.rate > 0; }

  // Nothing more is to be sent.
  bool all_started(Time now) const {
    if (load_.requests > 0) return started_ >= load_.requests;
    return open_loop() ? intended(started_) >= end_ : now >= end_;
  }
  bool over() const { return running_ == 0 && all_started(Clock::now()); }

  // When request number `index` of an open loop is to be sent.
  Time intended(std::uint64_t index) const {
    return begin_ + std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 * static_cast<double>(index) / load_.rate));
  }

  void start_due(Time now) {
    if (closed_ > 0) connect_closed(now);
    while (!idle_.empty() && !all_started(now)) {
      if (open_loop() && intended(started_) > now) return;
      Connection* connection = idle_.front();
      idle_.pop_front();
      if (connection->state == Connection::State::idle) start(*connection, now);
    }
  }

  void connect_closed(Time now) {
    for (Connection& connection : connections_)
      if (connection.state == Connection::State::closed && now >= connection.retry && !all_started(now))
        connect(connection);
  }

  void start(Connection& connection, Time now) {
    connection.begun = open_loop() ? intended(started_) : now;
    ++started_;
    ++running_;
    connection.sent = 0;
    connection.reader.reset();
    connection.state = Connection::State::sending;
    send(connection);
  }

  void connect(Connection& connection) {
    const addrinfo& address = *addresses_;
    --closed_;
    connection.state = Connection::State::connecting;
    connection.socket = Socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!connection.socket) return give_up(connection, std::strerror(errno));
    const int on = 1;
    ::setsockopt(connection.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int failure = ::connect(connection.socket.get(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (failure != 0 && failure != EINPROGRESS) return give_up(connection, std::strerror(failure));
    if (failure == 0) connection.state = Connection::State::idle;
    connection.writable_wanted = failure != 0;
    epoll_event event{.events = interest(connection), .data = {.ptr = &connection}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event);
    if (failure == 0) idle_.push_back(&connection);
  }

  static std::uint32_t interest(const Connection& connection) {
    return EPOLLIN | (connection.writable_wanted ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  }

  void want_writable(Connection& connection, bool wanted) {
    if (connection.writable_wanted == wanted) return;
    connection.writable_wanted = wanted;
    epoll_event event{.events = interest(connection), .data = {.ptr = &connection}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.socket.get(), &event);
  }

  // The next octets of the request.
  std::string_view piece(const Connection& connection) const {
    if (connection.sent < start_text_.size()) return std::string_view(start_text_).substr(connection.sent);
    return std::string_view(filling_).substr(0, std::min<std::uint64_t>(size_ - connection.sent, filling_.size()));
  }

  void send(Connection& connection) {
    while (connection.sent < size_) {
      const std::string_view octets = piece(connection);
      const ssize_t written = ::send(connection.socket.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
      if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return want_writable(connection, true);
      if (written < 0) return give_up(connection, std::strerror(errno));
      connection.sent += static_cast<std::uint64_t>(written);
    }
    want_writable(connection, false);
    connection.state = Connection::State::waiting;
  }

  void receive(Connection& connection) {
    for (;;) {
      const ssize_t got = ::recv(connection.socket.get(), buffer_.data(), buffer_.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
      if (!connection.begun) return drop(connection);  // an end between requests is no fault
      if (got < 0) return give_up(connection, std::strerror(errno));
      const auto state = got == 0 ? connection.reader.ended()
                                  : connection.reader.read({buffer_.data(), static_cast<std::size_t>(got)});
      if (state == ResponseReader::State::broken)
        return give_up(connection, got == 0 ? "the connection was closed before the answer was whole"
                                            : "what came is no HTTP response");
      if (state == ResponseReader::State::done) return answered(connection, got == 0);
      if (static_cast<std::size_t>(got) < buffer_.size()) return;
    }
  }

  void answered(Connection& connection, bool ended) {
    const Time now = Clock::now();
    const int status = connection.reader.status();
    if (status >= 200 && status < 300) {
      ++result_.answered;
      if (now <= end_) ++result_.in_time;
      result_.latency.add(now - *connection.begun);
    } else {
      ++result_.refused;
      if (result_.problem.empty()) result_.problem = fmt::format("status {}", status);
    }
    result_.octets += connection.reader.body_octets();
    --running_;
    connection.begun.reset();
    const bool whole = connection.sent == size_;  // else it was answered before it was sent
    if (ended || connection.reader.closes() || !load_.keep_alive || !whole) {
      drop(connection);
      if (!all_started(now)) connect(connection);
      return;
    }
    connection.state = Connection::State::idle;
    if (!open_loop() && !all_started(now))
      start(connection, now);
    else
      idle_.push_back(&connection);
  }

  void drop(Connection& connection) {
    std::erase(idle_, &connection);
    connection.socket = Socket();
    if (connection.state != Connection::State::closed) ++closed_;
    connection.state = Connection::State::closed;
    connection.begun.reset();
  }

  void give_up(Connection& connection, std::string_view why) {
    // A connection that cannot be made is a failure too, in place of a request.
    if (connection.begun)
      --running_;
    else if (load_.requests > 0)
      ++started_;
    ++result_.broken;
    if (result_.problem.empty()) result_.problem = why;
    drop(connection);
    connection.retry = Clock::now() + kRetry;
  }

  void sweep() {
    const Time now = Clock::now();
    next_sweep_ = now + kSweep;
    for (Connection& connection : connections_)
      if (connection.begun && now - *connection.begun > load_.patience) give_up(connection, "no answer in time");
    if (load_.requests == 0 && now > end_ + load_.patience) abandon();
  }

  // What an open loop could not send at all.
  void abandon() {
    while (open_loop() && intended(started_) < end_) {
      ++started_;
      ++result_.broken;
    }
    for (Connection& connection : connections_)
      if (connection.begun) give_up(connection, "no answer in time");
  }

  void wait(Time now) {
    Time until = now + kSweep;
    if (open_loop() && !idle_.empty() && !all_started(now)) until = std::min(until, intended(started_));
    if (now < end_) until = std::min(until, end_);
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(std::max(until - now, Clock::duration(0)));
    const timespec limit{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    std::array<epoll_event, kEventsAtOnce> events;
    const int count = ::epoll_pwait2(epoll_.get(), events.data(), kEventsAtOnce, &limit, nullptr);
    for (int i = 0; i < count; ++i)
      handle(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr),
             events[static_cast<std::size_t>(i)].events);
  }

  void handle(Connection& connection, std::uint32_t events) {
    if (connection.state == Connection::State::connecting) {
      int failure = 0;
      socklen_t size = sizeof failure;
      ::getsockopt(connection.socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
      if (failure != 0) return give_up(connection, std::strerror(failure));
      connection.state = Connection::State::idle;
      want_writable(connection, false);
      idle_.push_back(&connection);
      return;
    }
    if ((events & EPOLLOUT) != 0 && connection.state == Connection::State::sending) send(connection);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && connection.socket) receive(connection);
  }

  const Load& load_;
  const AddressesPtr addresses_;
  const std::string start_text_;  // head and body, or the head before the filling
  const std::uint64_t size_;
  const std::string filling_;
  std::vector<char> buffer_;
  const Socket epoll_;
  std::vector<Connection> connections_;
  std::size_t closed_;  // of connections_
  std::deque<Connection*> idle_;
  Time begin_, end_, next_sweep_{};
  std::uint64_t started_ = 0, running_ = 0;
  LoadResult result_;
};

}  // namespace

Result<LoadResult> run_load(const Load& load) {
  const auto url = net::Url::parse(load.request.url);
  if (!url) return url.error();
  if (url->tls) return fault(FaultCode::service_malformed_url, "load is sent over http:// only: " + load.request.url);
  auto addresses = addresses_of(url->endpoint);
  if (!addresses) return addresses.error();
  LoadResult result = Loader(load, *url, std::move(*addresses)).run();
  if (result.answered + result.refused == 0 && result.broken > 0)
    return fault(FaultCode::network_error, load.request.url + ": " + result.problem);
  return result;
}

}  // namespace causeway::bench
