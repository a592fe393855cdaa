// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/record_reader.hpp"

#include "domain/fault_code.hpp"

namespace causeway::securityserver {

Result<RecordReader> RecordReader::open(const LogPlace& place, std::shared_ptr<const MessageCipher> cipher) {
  auto table = IndexTable::open_to_read(place);
  if (!table) return table.error();
  return RecordReader(place.directory, std::move(cipher), *std::move(table));
}

// Its signature stands in a frame of its own, which may be damaged while the record is not.
Result<bool> RecordReader::is_readable(const Frame& frame) const {
  auto whole = segment_->intact(frame);
  if (!whole) return whole.error();
  if (!*whole) return false;
  const auto metadata = segment_->metadata(frame);
  return metadata && segment_->text_at(metadata->signature_offset) &&
         segment_->text_at(metadata->hash_chain_result_offset);
}

Result<std::optional<LogRecord>> RecordReader::read(std::uint64_t id) {
  auto position = table_.locate(id);
  if (!position) return position.error();
  if (!*position) return fault(FaultCode::not_found, "the message log has no record " + std::to_string(id));
  if (!segment_ || segment_->header().number != (*position)->segment) {
    segment_.reset();
    auto segment = SegmentReader::open(directory_, (*position)->segment);
    if (!segment) return segment.error();
    segment_ = *std::move(segment);
  }
  if (auto fresh = segment_->refresh(); !fresh) return fresh.error();
  auto frame = segment_->frame_at((*position)->offset);
  if (!frame) return frame.error();
  if (!*frame || (*frame)->header.type != FrameType::record || (*frame)->header.id != id)
    return std::optional<LogRecord>();
  auto readable = is_readable(**frame);
  if (!readable) return readable.error();
  if (!*readable) return std::optional<LogRecord>();
  auto record = segment_->record(**frame, *cipher_);
  if (!record) return record.error();
  return std::optional(*std::move(record));
}

}  // namespace causeway::securityserver
