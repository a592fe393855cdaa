// SPDX-License-Identifier: MIT
#include "net/transport.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "domain/fault_code.hpp"
#include "net/pieces.hpp"

namespace causeway::net {

namespace asio = boost::asio;

namespace {

// So many reads and writes may pass without going through the event loop, before
// the other connections of the thread get a turn.
constexpr unsigned kInlineRun = 16;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

ssize_t send_now(int socket, const Pieces& pieces) {
  std::array<iovec, 16> parts;
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = pieces.list(parts);
  return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

Transport::Transport(Socket socket) : Swept(socket.get_executor().context()), socket_(std::move(socket)) {}

bool Transport::may_go_on_inline() {
  if (++inline_run_ < kInlineRun) return true;
  inline_run_ = 0;
  return false;
}

Transport::Clock::time_point Transport::Pace::limit(Clock::time_point now, std::chrono::milliseconds idle) {
  if (octets_ >= kLeast) *this = {};
  return now + 2 * idle - waited_;
}

Transport::Clock::time_point Transport::limit(Clock::time_point now, Pace& pace) const {
  if (idle_.count() == 0) return deadline_;
  return std::min({deadline_, now + idle_, pace.limit(now, idle_)});
}

Fault Transport::failure(const char* what, const boost::system::error_code& why, bool timed_out) {
  peer_left_ = peer_left_ || why == asio::error::connection_reset || why == asio::error::broken_pipe;
  if (timed_out) return fault(FaultCode::io_error, std::string(what) + ": the peer was too slow");
  // A connection that we closed ourselves failed for other reasons than the network's.
  const bool ours = why == asio::error::operation_aborted || why == asio::error::bad_descriptor;
  return fault(ours ? FaultCode::io_error : FaultCode::network_error, std::string(what) + ": " + why.message());
}

Task<Result<std::size_t>> Transport::read_some(std::span<std::uint8_t> into) {
  if (reading_timed_out_) co_return failure("reading", {}, true);
  if (more_to_read_ && may_go_on_inline()) {
    const auto size = read_now(into);
    if (!size) co_return size.error();
    if (*size) co_return **size;
  }
  const auto begun = Clock::now();
  read_limit_ = limit(begun, reading_);
  const auto [error, size] =
      co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), asio::as_tuple(asio::use_awaitable));
  read_limit_ = Clock::time_point::max();
  reading_.note(Clock::now() - begun, size);
  inline_run_ = 0;
  if (error == asio::error::eof) {
    peer_left_ = true;
    co_return std::size_t{0};
  }
  if (error) co_return failure("reading", error, reading_timed_out_);
  more_to_read_ = size == into.size();
  co_return size;
}

Task<Result<void>> Transport::wait_to_read() {
  if (reading_timed_out_) co_return failure("reading", {}, true);
  if (more_to_read_ && may_go_on_inline()) co_return Result<void>{};
  const auto begun = Clock::now();
  read_limit_ = limit(begun, reading_);
  const auto [error] = co_await socket_.async_wait(Socket::wait_read, asio::as_tuple(asio::use_awaitable));
  read_limit_ = Clock::time_point::max();
  reading_.note(Clock::now() - begun, 0);
  inline_run_ = 0;
  if (error) co_return failure("reading", error, reading_timed_out_);
  co_return Result<void>{};
}

Result<std::optional<std::size_t>> Transport::read_now(std::span<std::uint8_t> into) {
  const ssize_t size = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
  more_to_read_ = size > 0 && static_cast<std::size_t>(size) == into.size();
  if (size < 0 && would_block(errno)) return std::optional<std::size_t>();
  if (size < 0) return failure("reading", {errno, boost::system::system_category()}, false);
  reading_.note({}, static_cast<std::size_t>(size));
  peer_left_ = peer_left_ || size == 0;
  return std::optional(static_cast<std::size_t>(size));
}

Task<Result<void>> Transport::write(std::span<const ByteView> pieces) {
  if (writing_timed_out_) co_return failure("writing", {}, true);
  Pieces left(pieces);
  bool at_once = may_go_on_inline();
  while (!left.empty()) {
    if (!at_once)
      if (auto waited = co_await wait_to_write(); !waited) co_return waited;
    const ssize_t size = send_now(socket_.native_handle(), left);
    if (size < 0 && !would_block(errno)) co_return failure("writing", {errno, boost::system::system_category()}, false);
    if (size > 0) writing_.note({}, static_cast<std::size_t>(size));
    left.take(size > 0 ? static_cast<std::size_t>(size) : 0);
    at_once = size > 0 && may_go_on_inline();
  }
  co_return Result<void>{};
}

Task<Result<void>> Transport::wait_to_write() {
  const auto begun = Clock::now();
  write_limit_ = limit(begun, writing_);
  const auto [error] = co_await socket_.async_wait(Socket::wait_write, asio::as_tuple(asio::use_awaitable));
  write_limit_ = Clock::time_point::max();
  writing_.note(Clock::now() - begun, 0);
  if (error) co_return failure("writing", error, writing_timed_out_);
  co_return Result<void>{};
}

void Transport::sweep(Clock::time_point now) {
  if (now < read_limit_ && now < write_limit_) return;
  reading_timed_out_ = reading_timed_out_ || now >= read_limit_;
  writing_timed_out_ = writing_timed_out_ || now >= write_limit_;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

Transport::Waiting Transport::look() {
  std::uint8_t octet = 0;
  const ssize_t size = ::recv(socket_.native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size > 0) return Waiting::octets;
  return size < 0 && would_block(errno) ? Waiting::nothing : Waiting::end;
}

void Transport::try_write(ByteView bytes) {
  if (!bytes.empty() && socket_.is_open()) send_now(socket_.native_handle(), Pieces({&bytes, 1}));
}

void Transport::close_writing() {
  boost::system::error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Transport::cut() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

Task<void> Transport::linger(std::size_t limit, std::chrono::milliseconds time) {
  set_deadline(Clock::now() + time);
  reading_timed_out_ = false;
  reading_ = {};
  std::array<std::uint8_t, 4096> dropped;
  while (limit > 0) {
    const auto size = co_await read_some(dropped);
    if (!size || *size == 0) co_return;
    limit -= std::min(limit, *size);
  }
}

namespace {

class PlainStream : public Stream {
 public:
  explicit PlainStream(Transport::Socket socket) : transport_(std::move(socket)) {}

  Task<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override { return transport_.read_some(into); }
  using Stream::write;
  Task<Result<void>> write(std::span<const ByteView> pieces) override { return transport_.write(pieces); }
  void set_idle_time(std::chrono::milliseconds time) override { transport_.set_idle_time(time); }
  void set_deadline(std::chrono::steady_clock::time_point at) override { transport_.set_deadline(at); }
  bool peer_left() const override { return transport_.peer_left(); }
  bool quiet() override { return transport_.look() == Transport::Waiting::nothing; }
  void close_writing() override { transport_.close_writing(); }
  void cut() override { transport_.cut(); }
  Task<void> linger(std::size_t limit, std::chrono::milliseconds time) override {
    return transport_.linger(limit, time);
  }

 private:
  Transport transport_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Transport::Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

Task<Result<void>> read_exactly(Stream& stream, std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const auto size = co_await stream.read_some(into);
    if (!size) co_return size.error();
    if (*size == 0) co_return fault(FaultCode::io_error, "the peer ended the connection early");
    into = into.subspan(*size);
  }
  co_return Result<void>{};
}

}  // namespace causeway::net
