// SPDX-License-Identifier: MIT
#include "securityserver/archiving/record_container.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "evidence/signature_timestamp.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

evidence::ContentSource source_of(const LoggedAttachment& attachment) {
  return [&attachment](const evidence::ByteSink& sink) -> Result<void> {
    Bytes piece(std::min<std::uint64_t>(attachment.size, kPiece));
    for (std::uint64_t offset = 0; offset < attachment.size;) {
      const auto wanted = std::min<std::uint64_t>(attachment.size - offset, piece.size());
      auto got = attachment.content->read_at(attachment.begin + offset, std::span(piece).first(wanted));
      if (!got) return got.error();
      if (*got == 0) return fault(FaultCode::io_error, "an attachment is shorter than its record says");
      if (auto taken = sink(ByteView(piece).first(*got)); !taken) return taken;
      offset += *got;
    }
    return {};
  };
}

}  // namespace

Result<void> write_container(const LogRecord& record, const TimestampEvidence& timestamp,
                             const evidence::ByteSink& sink, std::shared_ptr<evidence::Compressor> compressor) {
  evidence::SignatureDocument signature = record.signature;
  evidence::BatchTimestamp batch;
  if (timestamp.is_batch()) {
    batch = {timestamp.token, timestamp.hash_chain_result, timestamp.hash_chain};
  } else {
    auto stamped = evidence::with_signature_timestamp(signature.signature, timestamp.token);
    if (!stamped) return stamped.error();
    signature.signature = *std::move(stamped);
  }
  evidence::AsicContents contents{.message = as_text(record.message),
                                  .signature = signature,
                                  .timestamp = timestamp.is_batch() ? &batch : nullptr,
                                  .attachments = {},
                                  .time = record.time};
  for (const LoggedAttachment& attachment : record.attachments) contents.attachments.push_back(source_of(attachment));
  return evidence::write_asic(contents, sink, std::move(compressor));
}

}  // namespace causeway::securityserver
