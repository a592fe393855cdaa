// SPDX-License-Identifier: MIT
// A connection as a flow of octets: TCP, TLS or a Unix-domain socket.
//
// Belongs to the thread it was made on. One coroutine may read while another writes.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/task.hpp"

namespace causeway::net {

// Memory that is asked for only when there is something to read into it.
class ReadMemory {
 public:
  virtual std::span<std::uint8_t> room() = 0;  // not empty

 protected:
  ~ReadMemory() = default;
};

class Stream {
 public:
  virtual ~Stream() = default;

  // At least one octet; 0 at the end. network_error when the connection broke (a reset),
  // io_error when the peer was too slow or ended a TLS connection without saying so.
  virtual Task<Result<std::size_t>> read_some(std::span<std::uint8_t> into) = 0;
  // The same. A stream that reads where it waits takes the memory at once.
  virtual Task<Result<std::size_t>> read_into(ReadMemory& memory) { return read_some(memory.room()); }
  // Returns when the kernel has taken all pieces, one after the other. They stay where they are.
  virtual Task<Result<void>> write(std::span<const ByteView> pieces) = 0;
  Task<Result<void>> write(ByteView bytes) { co_return co_await write(std::span<const ByteView>(&bytes, 1)); }

  // How long a single read or write may stand still; 0: for ever. Looked at a few
  // times a second, so it is a lower bound. Two such times spent waiting must also bring
  // (or take) a kilobyte, or the peer counts as too slow: counted anew from each call.
  virtual void set_idle_time(std::chrono::milliseconds time) = 0;
  // For everything from now on until it is set anew or to max().
  virtual void set_deadline(std::chrono::steady_clock::time_point at) = 0;

  // True once a read or write found that the peer ended or reset the connection.
  virtual bool peer_left() const = 0;
  // True when the peer neither sent anything unread nor ended the connection.
  virtual bool quiet() = 0;
  // Says goodbye without waiting: nothing more will be written, the peer may still send.
  virtual void close_writing() = 0;
  // Cuts both ways; the peer sees a reset, pending reads and writes end with io_error.
  virtual void cut() = 0;
  // Reads and drops what still comes, so that a last answer is not lost to a reset:
  // until the peer ends, `limit` octets or `time`.
  virtual Task<void> linger(std::size_t limit, std::chrono::milliseconds time) = 0;
};

// All of `into`; io_error when the stream ends before.
Task<Result<void>> read_exactly(Stream& stream, std::span<std::uint8_t> into);

}  // namespace causeway::net
