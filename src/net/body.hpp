// SPDX-License-Identifier: MIT
// The two directions of a body that streams, with back-pressure: a reader reads when
// asked, a writer returns when the bytes are handed to the kernel.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/task.hpp"

namespace causeway::net {

class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // The next bytes, valid until the next call; empty at the end of the body.
  // network_error when the connection broke, io_error when the peer ended it within the
  // body or is too slow.
  virtual Task<Result<ByteView>> read_some() = 0;
  // True when the next read_some() will not wait for the peer; false when it may.
  virtual bool ready() const { return false; }
};

class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  virtual Task<Result<void>> write(ByteView bytes) = 0;
  // Ends the body. A writer destroyed before finish() aborts the connection, so that
  // the peer sees a cut-off message and not a short one.
  virtual Task<Result<void>> finish() = 0;
  // write() of all `pieces`, one after the other, and finish() in one, which costs fewer
  // packets and no copy. They stay where they are until this returns.
  virtual Task<Result<void>> finish_with(std::span<const ByteView> pieces) {
    for (const ByteView piece : pieces)
      if (auto written = co_await write(piece); !written) co_return written;
    co_return co_await finish();
  }
  Task<Result<void>> finish_with(ByteView last) { co_return co_await finish_with(std::span<const ByteView>(&last, 1)); }
  // The head of a message goes out with the first octets of its body; this sends it before.
  virtual Task<Result<void>> flush() { co_return Result<void>{}; }
};

}  // namespace causeway::net
