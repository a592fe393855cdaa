// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/signature_reader.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace causeway::securityserver {

Result<SignatureReader> SignatureReader::open(const std::string& directory, Position from) {
  auto end = read_log_end(directory);
  if (!end) return end.error();
  auto segments = list_segments(directory);
  if (!segments) return segments.error();
  return SignatureReader(directory, *std::move(segments), from, end->value_or(LogEnd()));
}

// Opens the segment at `at_`, or the first one behind; false when there is none left.
bool SignatureReader::enter_segment() {
  while (!segment_) {
    const auto number = std::ranges::lower_bound(segments_, at_.segment);
    if (number == segments_.end() || *number > end_.segment) return false;
    if (*number != at_.segment) at_ = {*number, 0};
    at_.offset = std::max<std::uint64_t>(at_.offset, SegmentHeader::kSize);
    auto segment = SegmentReader::open(directory_, *number);
    if (segment) {
      segment_ = *std::move(segment);
      known_offset_ = 0;
      return true;
    }
    log::error("message log: {}", segment.error().text);
    at_ = {at_.segment + 1, 0};
  }
  return true;
}

Result<std::optional<LoggedSignature>> SignatureReader::next() {
  while (at_ < end_ && enter_segment()) {
    auto frame = segment_->next_frame(at_.offset);
    if (!frame) return frame.error();
    if (!*frame) {
      segment_.reset();
      at_ = {at_.segment + 1, 0};
      continue;
    }
    const Position here{at_.segment, (*frame)->offset};
    if (here >= end_) break;
    at_.offset = (*frame)->end();
    if ((*frame)->header.type == FrameType::record) return std::optional(signature_of(**frame));
  }
  return std::optional<LoggedSignature>();
}

LoggedSignature SignatureReader::signature_of(const Frame& record) {
  LoggedSignature signature{
      .id = record.header.id, .position = {at_.segment, record.offset}, .end = at_, .document = nullptr};
  const auto metadata = segment_->metadata(record);
  if (!metadata || metadata->signature_offset == 0) return signature;
  if (known_offset_ != metadata->signature_offset) {
    auto text = segment_->text_at(metadata->signature_offset);
    known_offset_ = text ? metadata->signature_offset : 0;
    known_ = text ? std::make_shared<const std::string>(*std::move(text)) : nullptr;
  }
  signature.document = known_;
  return signature;
}

}  // namespace causeway::securityserver
