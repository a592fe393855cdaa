// SPDX-License-Identifier: MIT
#include "securityserver/transport/outgoing_message.hpp"

#include "message/headers.hpp"

namespace causeway::securityserver {

OutgoingMessage::OutgoingMessage(std::string boundary) : top_(std::move(boundary)) {}

std::string OutgoingMessage::content_type() const { return message::mixed_content_type(top_.boundary()); }

net::Task<Result<void>> OutgoingMessage::part(std::string head, std::string_view bytes) {
  // One write for the delimiter and a small part: one TLS record, one packet.
  std::string out = std::move(head);
  if (bytes.size() <= 16384) {
    out += bytes;
    co_return co_await writer_->write(as_bytes(out));
  }
  if (auto written = co_await writer_->write(as_bytes(out)); !written) co_return written;
  co_return co_await writer_->write(as_bytes(bytes));
}

net::Task<Result<void>> OutgoingMessage::ocsp_responses(std::span<const Bytes> responses) {
  std::string out;
  for (const Bytes& response : responses) {
    out += top_.part(message::kTypeOcsp);
    out += as_text(response);
  }
  co_return co_await writer_->write(as_bytes(out));
}

net::Task<Result<void>> OutgoingMessage::head(std::string_view content_type, ByteView bytes, const net::Headers& more) {
  head_digest_ = pki::digest(pki::DigestAlgorithm::sha512, bytes);
  parts_.push_back({"/message.xml", head_digest_});
  co_return co_await part(top_.part(content_type, more), as_text(bytes));
}

net::Task<Result<void>> OutgoingMessage::begin_rest_body() {
  hasher_.emplace(pki::DigestAlgorithm::sha512);
  const std::string out = top_.part(message::kTypeRestBody);
  co_return co_await writer_->write(as_bytes(out));
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
  co_return co_await writer_->write(as_bytes(out));
}

net::Task<Result<void>> OutgoingMessage::data(ByteView bytes) {
  hasher_->update(bytes);
  co_return co_await writer_->write(bytes);
}

void OutgoingMessage::end_hashed_part() {
  if (!hasher_) return;
  parts_.push_back({"/attachment" + std::to_string(parts_.size()), hasher_->finish()});
  hasher_.reset();
}

net::Task<Result<evidence::MessageParts>> OutgoingMessage::end_parts() {
  end_hashed_part();
  if (nested_) {
    const std::string out = nested_->end();
    nested_.reset();
    if (auto written = co_await writer_->write(as_bytes(out)); !written) co_return written.error();
  }
  co_return parts_;
}

net::Task<Result<void>> OutgoingMessage::signature(const evidence::SignatureDocument& document) {
  std::string out;
  if (!document.hash_chain_result.empty()) {
    out += top_.part(message::kTypeHashChainResult);
    out += document.hash_chain_result;
    out += top_.part(message::kTypeHashChain);
    out += document.hash_chain;
  }
  out += top_.part(message::kTypeSignature);
  out += document.signature;
  out += top_.end();
  if (auto written = co_await writer_->write(as_bytes(out)); !written) co_return written;
  co_return co_await writer_->finish();
}

net::Task<Result<void>> OutgoingMessage::fault(std::string_view fault_xml) {
  std::string out;
  if (nested_) out += nested_->end();
  nested_.reset();
  out += top_.part("text/xml; charset=UTF-8");
  out += fault_xml;
  out += top_.end();
  if (auto written = co_await writer_->write(as_bytes(out)); !written) co_return written;
  co_return co_await writer_->finish();
}

net::Task<Result<void>> OutgoingMessage::end_unsigned() {
  std::string out;
  if (nested_) out += nested_->end();
  nested_.reset();
  out += top_.end();
  if (auto written = co_await writer_->write(as_bytes(out)); !written) co_return written;
  co_return co_await writer_->finish();
}

}  // namespace causeway::securityserver
