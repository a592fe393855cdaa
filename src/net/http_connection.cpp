// SPDX-License-Identifier: MIT
#include "net/http_connection.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "domain/fault_code.hpp"

namespace causeway::net {

namespace {

constexpr std::size_t kSmallBuffer = 16 * 1024;
constexpr std::size_t kLargeBuffer = 64 * 1024;
// Sent at once, with what frames them.
constexpr std::size_t kMostPieces = 14;

// How many small buffers a thread keeps for its connections. None where AddressSanitizer can tell
// who looks at octets for longer than they are there.
#if __has_feature(address_sanitizer)
constexpr std::size_t kMaxSpareBuffers = 0;
#else
constexpr std::size_t kMaxSpareBuffers = 4;
#endif

std::vector<std::unique_ptr<std::uint8_t[]>>& spare_buffers() {
  static thread_local std::vector<std::unique_ptr<std::uint8_t[]>> spare;
  return spare;
}

std::unique_ptr<std::uint8_t[]> make_buffer(std::size_t size) {
  auto& spare = spare_buffers();
  if (size != kSmallBuffer || spare.empty()) return std::make_unique_for_overwrite<std::uint8_t[]>(size);
  auto buffer = std::move(spare.back());
  spare.pop_back();
  return buffer;
}

}  // namespace

// A connection that moves much gets a large buffer; the many that do not, a small one.
void InputBuffer::make_room() {
  if (begin_ == end_) begin_ = end_ = 0;
  std::size_t wanted = std::max(capacity_, kSmallBuffer);
  if (filled_up_ || (end_ - begin_) * 2 > wanted) wanted = std::min(wanted * 2, kLargeBuffer);
  if (wanted > capacity_) {
    auto larger = make_buffer(wanted);
    if (end_ > begin_) std::memcpy(larger.get(), bytes_.get() + begin_, end_ - begin_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
    filled_up_ = false;
  } else if (begin_ > 0) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
  } else {
    return;
  }
  end_ -= begin_;
  begin_ = 0;
}

std::span<std::uint8_t> InputBuffer::room() {
  if (empty()) make_room();
  return {bytes_.get() + end_, capacity_ - end_};
}

Task<Result<std::size_t>> InputBuffer::fill(Stream& stream) {
  if (!empty()) {
    if (end_ == capacity_) make_room();
    if (end_ == capacity_) co_return fault(FaultCode::io_error, "reading: the buffer is full");
  }
  const auto size = co_await stream.read_into(*this);
  if (size) {
    end_ += *size;
    filled_up_ = *size > 0 && end_ == capacity_;
  }
  if (empty()) give_back();
  co_return size;
}

void InputBuffer::take(std::size_t size) {
  begin_ += size;
  if (empty()) give_back();
}

// One that moves much keeps its large buffer until it is released.
void InputBuffer::give_back() {
  if (capacity_ != kSmallBuffer) return;
  if (auto& spare = spare_buffers(); spare.size() < kMaxSpareBuffers) spare.push_back(std::move(bytes_));
  release();
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
  for (;;) {
    const auto piece = framing_.kind == BodyFraming::Kind::chunked ? next_chunk() : next_plain();
    if (!piece) co_return fail(piece.error());
    if (done_ || !piece->empty()) co_return *piece;
    if (std::exchange(continue_first_, false)) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      if (auto sent = co_await connection_.stream->write(as_bytes(kContinue)); !sent) co_return fail(sent.error());
    }
    const auto size = co_await connection_.input.fill(*connection_.stream);
    if (!size) co_return fail(size.error());
    if (*size > 0) continue;
    done_ = framing_.kind == BodyFraming::Kind::until_close;
    if (done_) co_return ByteView();
    co_return fail(fault(FaultCode::io_error, "the peer ended the connection within a body"));
  }
}

Fault IncomingBody::fail(Fault why) {
  failed_ = true;
  return why;
}

ByteView IncomingBody::next_plain() {
  std::size_t size = connection_.input.data().size();
  if (framing_.kind == BodyFraming::Kind::length) {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, framing_.length));
    framing_.length -= size;
    done_ = framing_.length == 0;
  }
  return give(size);
}

Result<ByteView> IncomingBody::next_chunk() {
  const auto step = chunks_.decode(connection_.input.data());
  if (!step) return fault(FaultCode::io_error, "malformed chunked body");
  connection_.input.take(step->consumed - step->data.size());
  done_ = step->data.empty() && chunks_.done();
  return give(step->data.size());
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

Result<void> OutgoingBody::account(std::size_t size, bool last) {
  if (finished_) return fault(FaultCode::internal_error, "writing to a finished body");
  if (discard_ || framing_.kind == BodyFraming::Kind::chunked || framing_.kind == BodyFraming::Kind::until_close) {
    return {};
  }
  if (size > framing_.length) return fault(FaultCode::internal_error, "writing more than Content-Length announced");
  framing_.length -= size;
  if (last && framing_.kind == BodyFraming::Kind::length && framing_.length > 0) {
    return fault(FaultCode::internal_error, "the body is shorter than Content-Length announced");
  }
  return {};
}

Task<Result<void>> OutgoingBody::send(std::span<const ByteView> pieces, bool last) {
  std::size_t size = 0;
  for (const ByteView piece : pieces) size += piece.size();
  if (auto allowed = account(size, last); !allowed) co_return allowed;
  const bool framed = !discard_ && framing_.kind == BodyFraming::Kind::chunked;
  if (framed && size > 0) append_chunk_size(pending_, size);
  std::array<ByteView, kMostPieces + 2> parts;
  std::size_t count = 0;
  if (!pending_.empty()) parts[count++] = as_bytes(pending_);
  if (!discard_) count = static_cast<std::size_t>(std::ranges::copy(pieces, parts.begin() + count).out - parts.begin());
  if (framed && size > 0) parts[count++] = as_bytes(last ? "\r\n0\r\n\r\n" : "\r\n");
  if (framed && size == 0 && last) parts[count++] = as_bytes("0\r\n\r\n");
  auto sent = co_await connection_.stream->write(std::span(parts).first(count));
  pending_.clear();
  if (!sent) connection_.writing_failed = true;
  co_return sent;
}

Task<Result<void>> OutgoingBody::write(ByteView bytes) {
  if (bytes.empty() || discard_) co_return account(bytes.size(), false);
  co_return co_await send({&bytes, 1}, false);
}

Task<Result<void>> OutgoingBody::finish() { return finish_with(std::span<const ByteView>()); }

Task<Result<void>> OutgoingBody::finish_with(std::span<const ByteView> pieces) {
  for (; pieces.size() > kMostPieces; pieces = pieces.subspan(kMostPieces))
    if (auto sent = co_await send(pieces.first(kMostPieces), false); !sent) co_return sent;
  auto sent = co_await send(pieces, true);
  finished_ = sent.ok() && !connection_.writing_failed;
  co_return sent;
}

Task<Result<void>> OutgoingBody::flush() {
  const ByteView head = as_bytes(pending_);
  auto sent = co_await connection_.stream->write({&head, 1});
  pending_.clear();
  if (!sent) connection_.writing_failed = true;
  co_return sent;
}

}  // namespace causeway::net
