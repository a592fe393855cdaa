// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/segment_writer.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/crc32c.hpp"
#include "securityserver/messagelog/little_endian.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "securityserver/messagelog/text_difference.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kBufferLimit = 1 << 20;
constexpr std::size_t kAttachmentPiece = 256 * 1024;
// Zeros are written this far ahead: a flush that has to grow the file or fill a hole costs
// the journal several writes, one that overwrites costs one (measured: 6 ms against 0.4).
constexpr std::uint64_t kPrepareAhead = 4UL << 20;
constexpr std::size_t kKnownTexts = 32;
constexpr std::size_t kKnownTextLimit = 64 * 1024;
constexpr std::size_t kBaseTexts = 16;
constexpr unsigned kBaseUses = 64;

std::uint64_t random_number() {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  return number;
}

}  // namespace

Result<SegmentWriter> SegmentWriter::open(std::string directory, SegmentLimits limits,
                                          std::shared_ptr<const MessageCipher> cipher) {
  if (auto made = make_directories(directory); !made) return made.error();
  SegmentWriter writer(std::move(directory), limits, std::move(cipher));
  auto numbers = list_segments(writer.directory_);
  if (!numbers) return numbers.error();
  // A crash may have left the last one without its header: nothing was ever in it.
  while (!numbers->empty()) {
    auto segment = SegmentReader::open(writer.directory_, numbers->back());
    if (segment) break;
    auto file = OpenFile::open(segment_path(writer.directory_, numbers->back()), O_RDONLY);
    if (!file) return file.error();
    auto size = file->size();
    if (!size) return size.error();
    if (*size > SegmentHeader::kSize) return segment.error();
    log::warn("message log: {} was just begun when the process ended; it is begun again", file->path());
    ::unlink(file->path().c_str());
    numbers->pop_back();
  }
  auto ready = numbers->empty() ? writer.begin_segment(1) : writer.resume(numbers->back());
  if (!ready) return ready.error();
  return writer;
}

Result<void> SegmentWriter::resume(std::uint64_t number) {
  auto segment = SegmentReader::open(directory_, number);
  if (!segment) return segment.error();
  auto survey = survey_segment(*segment, false);
  if (!survey) return survey.error();
  for (const auto& gap : survey->gaps)
    log::error("message log: {} is damaged from offset {} to {}: {}; what follows is kept", segment->path(), gap.offset,
               gap.end, gap.what);
  if (survey->torn > 0)
    log::warn("message log: {} octets that were half-written at offset {} of {} are cut off", survey->torn, survey->end,
              segment->path());
  auto file = OpenFile::open(segment->path(), O_RDWR);
  if (!file) return file.error();
  file_ = *std::move(file);
  if (auto cut = file_->truncate(survey->records_end); !cut) return cut;
  if (auto synced = file_->sync(); !synced) return synced;
  number_ = number;
  nonce_ = segment->header().nonce;
  created_ = from_unix_millis(segment->header().created);
  next_id_ = survey->next_id;
  chain_ = survey->records_chain;
  group_start_ = written_ = touched_ = prepared_ = survey->records_end;
  group_mark_ = mark();
  // What told the damage from a torn end may just have been cut off with one. Only the last
  // segment is ever cut: beginning the next keeps what follows the damage.
  return survey->gaps.empty() ? Result<void>() : begin_segment(number + 1);
}

Result<void> SegmentWriter::begin_segment(std::uint64_t number) {
  auto file = OpenFile::open(segment_path(directory_, number), O_RDWR | O_CREAT | O_EXCL);
  if (!file) return file.error();
  const SegmentHeader header{number, random_number(), next_id_, to_unix_millis(now()), chain_};
  auto done = file->write_at(0, header.encode());
  if (done) done = file->sync();
  if (done) done = sync_directory(directory_);
  if (!done) {
    ::unlink(file->path().c_str());
    return done;
  }
  if (file_) (void)file_->truncate(group_start_).ok();  // the zeros written ahead; harmless if they stay
  file_ = *std::move(file);
  number_ = number;
  nonce_ = header.nonce;
  created_ = from_unix_millis(header.created);
  group_start_ = written_ = touched_ = prepared_ = SegmentHeader::kSize;
  group_mark_ = mark();
  known_texts_.clear();
  base_texts_.clear();
  oldest_text_ = 0;
  must_rotate_ = false;
  return {};
}

Result<std::uint64_t> SegmentWriter::append(const LogRecord& record, Bytes metadata) {
  const bool group_is_empty = position() == group_start_;
  if (group_is_empty && (must_rotate_ || is_full()))
    if (auto begun = begin_segment(number_ + 1); !begun) return begun.error();

  const auto write = [&]() -> Result<void> {
    auto signature = text(record.signature.signature);
    if (!signature) return signature.error();
    auto result = text(record.signature.hash_chain_result);
    if (!result) return result.error();
    set_text_offsets(metadata, *signature, *result);
    std::uint64_t attachments = 0;
    for (const LoggedAttachment& attachment : record.attachments) attachments += attachment.size;
    FrameHeader header{.type = FrameType::record, .id = next_id_};
    header.metadata_length = static_cast<std::uint32_t>(metadata.size());
    header.payload_length = metadata.size() + record.message.size() + record.signature.hash_chain.size() + attachments;
    begin_frame(header);
    if (auto put_it = put(metadata); !put_it) return put_it;
    if (auto put_it = put_message(record); !put_it) return put_it;
    if (auto put_it = put(as_bytes(record.signature.hash_chain)); !put_it) return put_it;
    for (std::size_t i = 0; i < record.attachments.size(); ++i)
      if (auto put_it = put_attachment(record, i); !put_it) return put_it;
    end_frame();
    return {};
  };

  const Mark before = mark();
  if (auto written = write(); !written) {
    roll_back(before);
    return written.error();
  }
  return next_id_++;
}

Result<std::uint64_t> SegmentWriter::text(const SharedText& text) {
  if (text.empty()) return std::uint64_t{0};
  // The newest first: messages of a batch come one after another.
  for (std::size_t i = known_texts_.size(); i > 0; --i) {
    const KnownText& known = known_texts_[(oldest_text_ + i - 1) % known_texts_.size()];
    if (known.text == text) return known.offset;
  }
  const std::uint64_t offset = position();
  if (text.size() > kKnownTextLimit) {
    if (auto put_it = put_text(text); !put_it) return put_it.error();
    return offset;
  }
  auto put_it = put_difference(text);
  if (!put_it) return put_it.error();
  if (!*put_it) {
    if (auto whole = put_text(text); !whole) return whole.error();
    if (base_texts_.size() == kBaseTexts) base_texts_.erase(base_texts_.begin());
    base_texts_.push_back({text, offset});
  }
  if (known_texts_.size() < kKnownTexts) {
    known_texts_.push_back({text, offset});
  } else {
    known_texts_[oldest_text_] = {text, offset};
    oldest_text_ = (oldest_text_ + 1) % kKnownTexts;
  }
  return offset;
}

Result<void> SegmentWriter::put_text(std::string_view text) {
  begin_frame({.type = FrameType::text, .payload_length = text.size()});
  if (auto put_it = put(as_bytes(text)); !put_it) return put_it;
  end_frame();
  return {};
}

// False when there is no text that it differs little from.
Result<bool> SegmentWriter::put_difference(std::string_view text) {
  for (auto base = base_texts_.begin(); base != base_texts_.end(); ++base) {
    const auto difference = encode_difference(base->text, text);
    if (!difference) continue;
    std::array<std::uint8_t, sizeof(std::uint64_t)> offset{};
    store_integer(offset.data(), base->offset);
    if (++base->uses == kBaseUses) base_texts_.erase(base);
    begin_frame({.type = FrameType::difference, .payload_length = offset.size() + difference->size()});
    if (auto put_it = put(offset); !put_it) return put_it.error();
    if (auto put_it = put(*difference); !put_it) return put_it.error();
    end_frame();
    return true;
  }
  return false;
}

void SegmentWriter::begin_frame(const FrameHeader& header) {
  FrameHeader complete = header;
  complete.group_offset = group_start_;
  complete.nonce = nonce_;
  const auto octets = complete.encode();
  crc_ = 0;
  hasher_.emplace(pki::DigestAlgorithm::sha256);
  hasher_->update(chain_);
  hasher_->update(octets);
  buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

Result<void> SegmentWriter::put(ByteView octets) {
  crc_ = crc32c(octets, crc_);
  hasher_->update(octets);
  while (!octets.empty()) {
    if (buffer_.size() >= kBufferLimit)
      if (auto written = write_buffer(); !written) return written;
    const std::size_t count = std::min(octets.size(), kBufferLimit);
    buffer_.insert(buffer_.end(), octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count));
    octets = octets.subspan(count);
  }
  return {};
}

Result<void> SegmentWriter::put_message(const LogRecord& record) {
  if (record.key_id.empty()) return put(record.message);
  auto cipher = cipher_->of_message(record.key_id, next_id_);
  if (!cipher) return cipher.error();
  Bytes message = record.message;
  cipher->apply(message);
  return put(message);
}

Result<void> SegmentWriter::put_attachment(const LogRecord& record, std::size_t index) {
  const LoggedAttachment& attachment = record.attachments[index];
  std::optional<pki::AesCtr> cipher;
  if (!record.key_id.empty()) {
    auto made = cipher_->of_attachment(record.key_id, next_id_, static_cast<std::uint32_t>(index + 1));
    if (!made) return made.error();
    cipher = *std::move(made);
  }
  Bytes piece(std::min<std::uint64_t>(attachment.size, kAttachmentPiece));
  for (std::uint64_t offset = 0; offset < attachment.size;) {
    auto got = attachment.content->read_at(attachment.begin + offset, std::span(piece).first(std::min<std::uint64_t>(
                                                                          attachment.size - offset, piece.size())));
    if (!got) return got.error();
    if (*got == 0) return fault(FaultCode::io_error, "an attachment of a message is shorter than what is to be logged");
    const auto octets = std::span(piece).first(*got);
    if (cipher) cipher->apply(octets);
    if (auto put_it = put(octets); !put_it) return put_it;
    offset += *got;
  }
  return {};
}

void SegmentWriter::end_frame() {
  FrameTrailer trailer{crc_, {}};
  const Bytes digest = hasher_->finish();
  std::copy(digest.begin(), digest.end(), trailer.chain.begin());
  chain_ = trailer.chain;
  const auto octets = trailer.encode();
  buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

Result<void> SegmentWriter::write_buffer() {
  touched_ = std::max(touched_, position());
  if (auto written = file_->write_at(written_, buffer_); !written) return written;
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

// Best effort: without room ahead the log works, only slower.
Result<void> SegmentWriter::make_room() {
  if (written_ <= prepared_) return {};
  static const Bytes kZeros(256 * 1024);
  const std::uint64_t end = written_ + std::min(kPrepareAhead, limits_.size);
  for (std::uint64_t at = written_; at < end; at += kZeros.size())
    if (auto written = file_->write_at(at, kZeros); !written) {
      // Give the space back: the next group may need it.
      prepared_ = written_;
      return file_->truncate(written_);
    }
  prepared_ = end;
  return {};
}

Result<void> SegmentWriter::write_group() {
  if (auto written = write_buffer(); !written) return written;
  if (auto made = make_room(); !made) return made;
  auto synced = file_->sync();
  // The kernel forgets what it could not write after it has said so once.
  if (!synced) must_rotate_ = true;
  return synced;
}

Result<void> SegmentWriter::commit() {
  auto written = position() == group_start_ ? Result<void>() : write_group();
  if (!written) {
    undo_group();
    return written;
  }
  group_start_ = written_;
  group_mark_ = mark();
  return {};
}

Result<void> SegmentWriter::retire() { return is_full() ? begin_segment(number_ + 1) : Result<void>(); }

void SegmentWriter::undo_group() { roll_back(group_mark_); }

void SegmentWriter::roll_back(const Mark& mark) {
  if (mark.position >= written_) {
    buffer_.resize(mark.position - written_);
  } else {
    buffer_.clear();
    written_ = mark.position;
  }
  if (touched_ > written_) {
    // What stands behind must not look like a record after a crash.
    auto cut = file_->truncate(written_);
    if (cut) cut = file_->sync();
    if (!cut) {
      log::error("message log: {}; a new segment is begun", cut.error().text);
      must_rotate_ = true;
    }
    touched_ = written_;
    prepared_ = std::min(prepared_, written_);
  }
  next_id_ = mark.next_id;
  chain_ = mark.chain;
  std::erase_if(known_texts_, [&](const KnownText& known) { return known.offset >= mark.position; });
  std::erase_if(base_texts_, [&](const BaseText& base) { return base.offset >= mark.position; });
  oldest_text_ = 0;
}

Result<void> SegmentWriter::close() {
  if (!file_) return {};
  return file_->truncate(group_start_);
}

}  // namespace causeway::securityserver
