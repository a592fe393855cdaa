// SPDX-License-Identifier: MIT
// A connected socket with deadlines: what the plain and the TLS stream stand on.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/deadline_sweep.hpp"
#include "net/stream.hpp"
#include "net/task.hpp"

namespace causeway::net {

class Transport : private Swept {
 public:
  using Clock = std::chrono::steady_clock;
  using Socket = boost::asio::generic::stream_protocol::socket;

  explicit Transport(Socket socket);

  Task<Result<std::size_t>> read_some(std::span<std::uint8_t> into);  // 0 at the end
  // The same in two steps: memory to read into is needed only for the second, which waits
  // for nothing; nullopt when there is nothing after all.
  Task<Result<void>> wait_to_read();
  Result<std::optional<std::size_t>> read_now(std::span<std::uint8_t> into);
  Task<Result<void>> write(std::span<const ByteView> pieces);

  void set_idle_time(std::chrono::milliseconds time) {
    idle_ = time;
    reading_ = writing_ = {};
  }
  void set_deadline(Clock::time_point at) { deadline_ = at; }

  bool peer_left() const { return peer_left_; }
  enum class Waiting { nothing, octets, end };
  Waiting look();  // without taking anything out
  void close_writing();
  void cut();
  Task<void> linger(std::size_t limit, std::chrono::milliseconds time);
  // What the kernel takes at once, for farewells.
  void try_write(ByteView bytes);

 private:
  // A peer that never stands still for long may still take for ever, an octet at a time.
  // So two idle times of waiting must bring kLeast octets.
  class Pace {
   public:
    Clock::time_point limit(Clock::time_point now, std::chrono::milliseconds idle);
    void note(Clock::duration waited, std::size_t octets) {
      waited_ += waited;
      octets_ += octets;
    }

   private:
    static constexpr std::size_t kLeast = 1024;
    Clock::duration waited_{0};
    std::size_t octets_ = 0;
  };

  void sweep(Clock::time_point now) override;
  Clock::time_point limit(Clock::time_point now, Pace& pace) const;
  Fault failure(const char* what, const boost::system::error_code& why, bool timed_out);
  bool may_go_on_inline();
  Task<Result<void>> wait_to_write();

  Socket socket_;
  std::chrono::milliseconds idle_{0};
  Clock::time_point deadline_ = Clock::time_point::max();
  Pace reading_, writing_;
  Clock::time_point read_limit_ = Clock::time_point::max();
  Clock::time_point write_limit_ = Clock::time_point::max();
  bool reading_timed_out_ = false;  // an answer may still be written
  bool writing_timed_out_ = false;
  bool peer_left_ = false;
  bool more_to_read_ = false;  // the last read filled its buffer
  unsigned inline_run_ = 0;    // operations since the last time other coroutines had a turn
};

std::unique_ptr<Stream> make_plain_stream(Transport::Socket socket);

}  // namespace causeway::net
