// SPDX-License-Identifier: MIT
#include "securityserver/transport/outgoing_message.hpp"

#include <array>
#include <utility>

#include "message/headers.hpp"

namespace causeway::securityserver {
namespace {

// Of one TLS record.
constexpr std::size_t kGatherLimit = 16 * 1024;
// Of a short message before its signature: OCSP response and head.
constexpr std::size_t kUsual = 4 * 1024;

}  // namespace

OutgoingMessage::OutgoingMessage(std::string boundary) : top_(std::move(boundary)) { gathered_.reserve(kUsual); }

std::string OutgoingMessage::content_type() const { return message::mixed_content_type(top_.boundary()); }

net::Task<Result<void>> OutgoingMessage::put(std::string_view octets) {
  if (gathered_.size() + octets.size() <= kGatherLimit) {
    gathered_ += octets;
    co_return Result<void>();
  }
  if (auto flushed = co_await flush(); !flushed) co_return flushed;
  if (octets.size() > kGatherLimit) co_return co_await writer_->write(as_bytes(octets));
  gathered_ += octets;
  co_return Result<void>();
}

net::Task<Result<void>> OutgoingMessage::flush_before(const net::BodyReader& source) {
  if (source.ready()) co_return Result<void>();
  co_return co_await flush();
}

net::Task<Result<void>> OutgoingMessage::flush() {
  if (gathered_.empty()) co_return Result<void>();
  const std::string out = std::exchange(gathered_, {});
  co_return co_await writer_->write(as_bytes(out));
}

net::Task<Result<void>> OutgoingMessage::finish() {
  const std::string out = std::exchange(gathered_, {});
  co_return co_await writer_->finish_with(as_bytes(out));
}

net::Task<Result<void>> OutgoingMessage::part(std::string head, std::string_view bytes) {
  if (auto sent = co_await put(head); !sent) co_return sent;
  co_return co_await put(bytes);
}

net::Task<Result<void>> OutgoingMessage::ocsp_responses(std::span<const Bytes> responses) {
  for (const Bytes& response : responses)
    if (auto sent = co_await part(top_.part(message::kTypeOcsp), as_text(response)); !sent) co_return sent;
  co_return Result<void>();
}

net::Task<Result<void>> OutgoingMessage::head(std::string_view content_type, ByteView bytes, const net::Headers& more) {
  head_digest_ = pki::digest(pki::DigestAlgorithm::sha512, bytes);
  parts_.push_back({"/message.xml", head_digest_});
  co_return co_await part(top_.part(content_type, more), as_text(bytes));
}

net::Task<Result<void>> OutgoingMessage::begin_rest_body() {
  hasher_.emplace(pki::DigestAlgorithm::sha512);
  co_return co_await put(top_.part(message::kTypeRestBody));
}

net::Task<Result<void>> OutgoingMessage::begin_attachment(const net::Headers& headers) {
  end_hashed_part();
  std::string out;
  if (!nested_) {
    nested_.emplace(message::nested_boundary());
    out = top_.part(message::mixed_content_type(nested_->boundary()));
  }
  const std::string* content_type = headers.find("content-type");
  net::Headers others = headers;
  others.remove("content-type");
  out += nested_->part(content_type ? *content_type : "application/octet-stream", others);
  hasher_.emplace(pki::DigestAlgorithm::sha512);
  co_return co_await put(out);
}

net::Task<Result<void>> OutgoingMessage::data(ByteView bytes) {
  hasher_->update(bytes);
  co_return co_await put(as_text(bytes));
}

void OutgoingMessage::end_hashed_part() {
  if (!hasher_) return;
  parts_.push_back({"/attachment" + std::to_string(parts_.size()), hasher_->finish()});
  hasher_.reset();
}

void OutgoingMessage::end_nested() {
  if (nested_) gathered_ += nested_->end();
  nested_.reset();
}

evidence::MessageParts OutgoingMessage::end_parts() {
  end_hashed_part();
  end_nested();
  return parts_;
}

net::Task<Result<void>> OutgoingMessage::signature(const evidence::SignatureDocument& document) {
  std::string result_head, chain_head;
  if (!document.hash_chain_result.empty()) {
    result_head = top_.part(message::kTypeHashChainResult);
    chain_head = top_.part(message::kTypeHashChain);
  }
  const std::string signature_head = top_.part(message::kTypeSignature);
  const std::string end = top_.end();
  const std::array<ByteView, 8> pieces{as_bytes(gathered_),
                                       as_bytes(result_head),
                                       as_bytes(document.hash_chain_result),
                                       as_bytes(chain_head),
                                       as_bytes(document.hash_chain),
                                       as_bytes(signature_head),
                                       as_bytes(document.signature),
                                       as_bytes(end)};
  auto sent = co_await writer_->finish_with(pieces);
  gathered_.clear();
  co_return sent;
}

net::Task<Result<void>> OutgoingMessage::fault(std::string_view fault_xml) {
  end_nested();
  gathered_ += top_.part("text/xml; charset=UTF-8");
  gathered_ += fault_xml;
  gathered_ += top_.end();
  co_return co_await finish();
}

net::Task<Result<void>> OutgoingMessage::end_unsigned() {
  end_nested();
  gathered_ += top_.end();
  co_return co_await finish();
}

}  // namespace causeway::securityserver
