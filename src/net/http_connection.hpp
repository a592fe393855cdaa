// SPDX-License-Identifier: MIT
// What server and client share of an HTTP/1.1 connection: its input buffer, and the
// two directions of a body.
#pragma once

#include <memory>
#include <string>

#include "net/body.hpp"
#include "net/http_parser.hpp"
#include "net/stream.hpp"

namespace causeway::net {

// Octets read from a stream and not yet taken. Most connections hold none most of the time:
// they have memory only while they do, from what the connections of the thread use in turn and
// is still in its cache.
class InputBuffer final : private ReadMemory {
 public:
  std::string_view data() const { return {reinterpret_cast<const char*>(bytes_.get()) + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  // What data() gave is gone with the last octet.
  void take(std::size_t size);
  // Reads once, behind what is there. 0 at the end of the stream.
  Task<Result<std::size_t>> fill(Stream& stream);
  // Gives the memory back while nothing is expected.
  void release();

 private:
  std::span<std::uint8_t> room() override;
  void make_room();
  void give_back();

  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool filled_up_ = false;  // the last read could have been larger
};

struct HttpConnection {
  std::unique_ptr<Stream> stream;
  InputBuffer input;
  bool writing_failed = false;
};

class IncomingBody : public BodyReader {
 public:
  IncomingBody(HttpConnection& connection, BodyFraming framing, ChunkDecoder::LineEnds line_ends);
  Task<Result<ByteView>> read_some() override;
  bool ready() const override;
  bool done() const { return done_; }
  // Of what is still to come; empty when not announced.
  std::optional<std::uint64_t> left() const;
  // Takes what was handed out last from the input, so that the next message stands first.
  void settle();
  // The peer waits for "100 Continue" before it sends the body.
  void send_continue_first() { continue_first_ = true; }
  bool continue_unsent() const { return continue_first_; }
  // Reads and drops the rest. False when it is more than `limit`, or fails.
  Task<bool> drain(std::uint64_t limit);

 private:
  // Of what is here; empty when more must come, or the body is done.
  ByteView next_plain();
  Result<ByteView> next_chunk();
  Fault fail(Fault why);
  ByteView give(std::size_t size);

  HttpConnection& connection_;
  BodyFraming framing_;
  ChunkDecoder chunks_;
  std::size_t given_ = 0;  // octets the last call handed out, still in the buffer
  bool done_ = false;
  bool failed_ = false;
  bool continue_first_ = false;
};

// Sends `head` together with the first octets of the body.
class OutgoingBody : public BodyWriter {
 public:
  OutgoingBody(HttpConnection& connection, std::string head, BodyFraming framing, bool discard);
  Task<Result<void>> write(ByteView bytes) override;
  Task<Result<void>> finish() override;
  using BodyWriter::finish_with;
  Task<Result<void>> finish_with(std::span<const ByteView> pieces) override;
  Task<Result<void>> flush() override;
  bool finished() const { return finished_; }

 private:
  // Behind what is pending, framed; `last`: and the end of the body.
  Task<Result<void>> send(std::span<const ByteView> pieces, bool last);
  Result<void> account(std::size_t size, bool last);

  HttpConnection& connection_;
  std::string pending_;  // the head
  BodyFraming framing_;
  bool discard_;
  bool finished_ = false;
};

}  // namespace causeway::net
