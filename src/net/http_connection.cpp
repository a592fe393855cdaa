// SPDX-License-Identifier: MIT
#include "net/http_connection.hpp"

#include <algorithm>
#include <cstring>

#include "domain/fault_code.hpp"

namespace causeway::net {

namespace {

constexpr std::size_t kSmallBuffer = 16 * 1024;
constexpr std::size_t kLargeBuffer = 64 * 1024;
// Pieces up to this size are sent in one octet string with what frames them.
constexpr std::size_t kCopyLimit = 16 * 1024;
// The last piece of a body: larger, because a second write only for the end costs more.
constexpr std::size_t kLastCopyLimit = 64 * 1024;

}  // namespace

// A connection that moves much gets a large buffer; the many that do not, a small one.
void InputBuffer::make_room() {
  if (begin_ == end_) begin_ = end_ = 0;
  std::size_t wanted = std::max(capacity_, kSmallBuffer);
  if (filled_up_ || (end_ - begin_) * 2 > wanted) wanted = std::min(wanted * 2, kLargeBuffer);
  if (wanted > capacity_) {
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(wanted);
    if (end_ > begin_) std::memcpy(larger.get(), bytes_.get() + begin_, end_ - begin_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
  } else if (begin_ > 0) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
  } else {
    return;
  }
  end_ -= begin_;
  begin_ = 0;
}

Task<Result<std::size_t>> InputBuffer::fill(Stream& stream) {
  if (begin_ == end_ || end_ == capacity_) make_room();
  const std::span<std::uint8_t> room(bytes_.get() + end_, capacity_ - end_);
  if (room.empty()) co_return fault(FaultCode::io_error, "reading: the buffer is full");
  const auto size = co_await stream.read_some(room);
  if (size) {
    end_ += *size;
    filled_up_ = *size == room.size();
  }
  co_return size;
}

void InputBuffer::release() {
  if (!empty()) return;
  bytes_.reset();
  capacity_ = begin_ = end_ = 0;
}

IncomingBody::IncomingBody(HttpConnection& connection, BodyFraming framing, ChunkDecoder::LineEnds line_ends)
    : connection_(connection),
      framing_(framing),
      chunks_(line_ends),
      done_(framing.kind == BodyFraming::Kind::none ||
            (framing.kind == BodyFraming::Kind::length && framing.length == 0)) {}

std::optional<std::uint64_t> IncomingBody::left() const {
  if (done_) return 0;
  if (framing_.kind == BodyFraming::Kind::length) return framing_.length;
  return std::nullopt;
}

Task<Result<bool>> IncomingBody::fill() {
  if (continue_first_) {
    continue_first_ = false;
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    if (auto sent = co_await connection_.stream->write(as_bytes(kContinue)); !sent) co_return sent.error();
  }
  const auto size = co_await connection_.input.fill(*connection_.stream);
  if (!size) co_return size.error();
  co_return *size > 0;
}

ByteView IncomingBody::give(std::size_t size) {
  given_ = size;
  return as_bytes(connection_.input.data().substr(0, size));
}

void IncomingBody::settle() {
  connection_.input.take(given_);
  given_ = 0;
}

bool IncomingBody::ready() const {
  if (done_ || failed_) return true;
  const std::string_view here = connection_.input.data().substr(given_);
  if (framing_.kind != BodyFraming::Kind::chunked) return !here.empty();
  // What frames a chunk is no data: tried on a copy.
  ChunkDecoder ahead = chunks_;
  const auto step = ahead.decode(here);
  return !step || !step->data.empty() || ahead.done();
}

Task<Result<ByteView>> IncomingBody::read_some() {
  settle();
  if (failed_) co_return fault(FaultCode::io_error, "reading a body that failed before");
  if (done_) co_return ByteView();
  auto piece = framing_.kind == BodyFraming::Kind::chunked ? co_await read_chunked() : co_await read_plain();
  failed_ = !piece;
  co_return piece;
}

Task<Result<ByteView>> IncomingBody::read_plain() {
  const bool measured = framing_.kind == BodyFraming::Kind::length;
  if (connection_.input.empty()) {
    const auto filled = co_await fill();
    if (!filled) co_return filled.error();
    if (!*filled && measured) co_return fault(FaultCode::io_error, "the peer ended the connection within a body");
    if (!*filled) {
      done_ = true;
      co_return ByteView();
    }
  }
  std::size_t size = connection_.input.data().size();
  if (measured) {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, framing_.length));
    framing_.length -= size;
    done_ = framing_.length == 0;
  }
  co_return give(size);
}

Task<Result<ByteView>> IncomingBody::read_chunked() {
  for (;;) {
    const auto step = chunks_.decode(connection_.input.data());
    if (!step) co_return fault(FaultCode::io_error, "malformed chunked body");
    if (!step->data.empty()) {
      connection_.input.take(step->consumed - step->data.size());
      co_return give(step->data.size());
    }
    connection_.input.take(step->consumed);
    if (chunks_.done()) {
      done_ = true;
      co_return ByteView();
    }
    const auto filled = co_await fill();
    if (!filled) co_return filled.error();
    if (!*filled) co_return fault(FaultCode::io_error, "the peer ended the connection within a body");
  }
}

Task<bool> IncomingBody::drain(std::uint64_t limit) {
  for (;;) {
    const auto piece = co_await read_some();
    if (!piece) co_return false;
    if (piece->empty()) co_return true;
    if (piece->size() > limit) co_return false;
    limit -= piece->size();
  }
}

OutgoingBody::OutgoingBody(HttpConnection& connection, std::string head, BodyFraming framing, bool discard)
    : connection_(connection), pending_(std::move(head)), framing_(framing), discard_(discard) {}

Result<void> OutgoingBody::account(std::size_t size) {
  if (finished_) return fault(FaultCode::internal_error, "writing to a finished body");
  if (discard_ || framing_.kind == BodyFraming::Kind::chunked || framing_.kind == BodyFraming::Kind::until_close) {
    return {};
  }
  if (size > framing_.length) return fault(FaultCode::internal_error, "writing more than Content-Length announced");
  framing_.length -= size;
  return {};
}

bool OutgoingBody::frame(ByteView bytes, std::size_t copy_limit) {
  constexpr std::size_t kAround = 32;  // what frames a chunk, and the end
  const bool chunked = framing_.kind == BodyFraming::Kind::chunked;
  if (bytes.size() <= copy_limit) pending_.reserve(pending_.size() + bytes.size() + kAround);
  if (chunked) append_chunk_size(pending_, bytes.size());
  if (bytes.size() > copy_limit) return false;
  pending_.append(as_text(bytes));
  if (chunked) pending_.append("\r\n");
  return true;
}

Task<Result<void>> OutgoingBody::send(ByteView bytes) {
  if (pending_.empty() && bytes.empty()) co_return Result<void>{};
  auto sent = co_await connection_.stream->write(as_bytes(pending_), bytes);
  pending_.clear();
  if (!sent) connection_.writing_failed = true;
  co_return sent;
}

Task<Result<void>> OutgoingBody::write(ByteView bytes) {
  if (auto allowed = account(bytes.size()); !allowed) co_return allowed;
  if (bytes.empty() || discard_) co_return Result<void>{};
  if (frame(bytes, kCopyLimit)) co_return co_await send({});
  auto sent = co_await send(bytes);
  if (framing_.kind == BodyFraming::Kind::chunked) pending_ = "\r\n";
  co_return sent;
}

Result<void> OutgoingBody::close_framing() {
  if (finished_) return fault(FaultCode::internal_error, "finishing a body twice");
  if (!discard_ && framing_.kind == BodyFraming::Kind::length && framing_.length > 0) {
    return fault(FaultCode::internal_error, "the body is shorter than Content-Length announced");
  }
  if (!discard_ && framing_.kind == BodyFraming::Kind::chunked) pending_.append("0\r\n\r\n");
  return {};
}

Task<Result<void>> OutgoingBody::finish() {
  if (auto closed = close_framing(); !closed) co_return closed;
  auto sent = co_await send({});
  finished_ = sent.ok() && !connection_.writing_failed;
  co_return sent;
}

Task<Result<void>> OutgoingBody::finish_with(ByteView last) {
  if (auto allowed = account(last.size()); !allowed) co_return allowed;
  if (!last.empty() && !discard_ && !frame(last, kLastCopyLimit)) {
    if (auto sent = co_await send(last); !sent) co_return sent;
    if (framing_.kind == BodyFraming::Kind::chunked) pending_ = "\r\n";
  }
  co_return co_await finish();
}

Task<Result<void>> OutgoingBody::flush() { return send({}); }

}  // namespace causeway::net
