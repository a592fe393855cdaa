// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/segment_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "domain/fault_code.hpp"
#include "pki/digest.hpp"
#include "securityserver/messagelog/crc32c.hpp"
#include "securityserver/messagelog/little_endian.hpp"
#include "securityserver/messagelog/text_difference.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::string_view kPrefix = "messages-";
constexpr std::string_view kSuffix = ".log";
constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kWindow = 64 * 1024;
constexpr std::size_t kLargestOfWindow = 4 * 1024;
// Messages stay in memory while they are read; an attachment does not.
constexpr std::uint64_t kPartLimit = 1UL << 30;

std::optional<std::uint64_t> number_of(const std::string& name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  const char* begin = name.data() + kPrefix.size();
  const char* end = name.data() + name.size() - kSuffix.size();
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::string segment_name(std::uint64_t number) { return fmt::format("{}{:012}{}", kPrefix, number, kSuffix); }

std::string segment_path(const std::string& directory, std::uint64_t number) {
  return directory + "/" + segment_name(number);
}

Result<std::vector<std::uint64_t>> list_segments(const std::string& directory) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (const auto number = number_of(entry.path().filename().string())) numbers.push_back(*number);
  if (error && error != std::errc::no_such_file_or_directory)
    return fault(FaultCode::io_error, "cannot list " + directory + ": " + error.message());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<SegmentReader> SegmentReader::open(const std::string& directory, std::uint64_t number) {
  auto file = OpenFile::open(segment_path(directory, number), O_RDONLY);
  if (!file) return file.error();
  std::array<std::uint8_t, SegmentHeader::kSize> octets{};
  auto got = file->read_at(0, octets);
  if (!got) return got.error();
  const auto header = SegmentHeader::decode(ByteView(octets).first(*got));
  if (!header || header->number != number)
    return fault(FaultCode::io_error, file->path() + " does not begin with the header of a message log segment");
  auto size = file->size();
  if (!size) return size.error();
  return SegmentReader(*std::move(file), *header, *size);
}

Result<void> SegmentReader::refresh() {
  auto size = file_.size();
  if (!size) return size.error();
  size_ = *size;
  if (window_) window_ = Window{};
  return {};
}

Result<std::size_t> SegmentReader::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (!window_ || into.size() > kLargestOfWindow) return file_.read_at(offset, into);
  const auto has_all = [&] {
    const std::size_t held = window_->octets.size();
    return offset >= window_->offset && offset - window_->offset <= held &&
           into.size() <= held - (offset - window_->offset);
  };
  if (!has_all()) {
    window_->octets.resize(kWindow);
    auto got = file_.read_at(offset, window_->octets);
    window_->octets.resize(got ? *got : 0);
    window_->offset = offset;
    if (!got) return got;
  }
  const std::size_t from = offset - window_->offset;
  const std::size_t size = std::min(into.size(), window_->octets.size() - from);
  std::copy_n(window_->octets.data() + from, size, into.data());
  return size;
}

Fault SegmentReader::broken(std::uint64_t offset) const {
  return fault(FaultCode::io_error, fmt::format("{} is damaged at offset {}", file_.path(), offset));
}

Result<std::optional<Frame>> SegmentReader::frame_at(std::uint64_t offset) const {
  std::array<std::uint8_t, FrameHeader::kSize> octets{};
  auto got = read_at(offset, octets);
  if (!got) return got.error();
  const auto header = FrameHeader::decode(ByteView(octets).first(*got));
  if (!header || header->nonce != header_.nonce) return std::optional<Frame>();
  // The length is checked before it is added, so that the sum cannot overflow.
  if (header->payload_length > size_ || offset + frame_length(*header) > size_) return std::optional<Frame>();
  return std::optional(Frame{*header, offset});
}

Result<std::optional<Frame>> SegmentReader::next_frame(std::uint64_t from) const {
  // Where nothing is damaged, it stands there.
  if (auto frame = frame_at(from); !frame || *frame) return frame;
  static constexpr std::uint8_t kFirst = FrameHeader::kMarker & 0xff;
  Bytes piece(kPiece);
  while (from < size_) {
    auto got = file_.read_at(from, piece);
    if (!got) return got.error();
    const std::uint8_t* at = piece.data();
    const std::uint8_t* const end = at + *got;
    while ((at = static_cast<const std::uint8_t*>(std::memchr(at, kFirst, static_cast<std::size_t>(end - at))))) {
      auto frame = frame_at(from + static_cast<std::uint64_t>(at - piece.data()));
      if (!frame || *frame) return frame;
      if (++at == end) break;
    }
    if (*got == 0) break;
    from += *got;
  }
  return std::optional<Frame>();
}

Result<std::optional<FrameTrailer>> SegmentReader::intact(const Frame& frame, Chain* chain) const {
  pki::Hasher hasher(pki::DigestAlgorithm::sha256);
  if (chain) {
    hasher.update(*chain);
    hasher.update(frame.header.encode());
  }
  std::uint32_t crc = 0;
  std::uint64_t at = frame.offset + FrameHeader::kSize;
  Bytes piece(std::min<std::uint64_t>(kPiece, frame.header.payload_length));
  for (std::uint64_t left = frame.header.payload_length; left > 0;) {
    auto got = file_.read_at(at, std::span(piece).first(std::min<std::uint64_t>(left, piece.size())));
    if (!got) return got.error();
    if (*got == 0) return std::optional<FrameTrailer>();
    const ByteView read = ByteView(piece).first(*got);
    crc = crc32c(read, crc);
    if (chain) hasher.update(read);
    at += *got;
    left -= *got;
  }
  auto octets = this->octets(at, FrameTrailer::kSize);
  if (!octets) return octets.error();
  const FrameTrailer trailer = FrameTrailer::decode(*octets);
  if (chain) {
    const Bytes computed = hasher.finish();
    std::copy(computed.begin(), computed.end(), chain->begin());
  }
  return trailer.payload_crc == crc ? std::optional(trailer) : std::nullopt;
}

Result<bool> SegmentReader::empty_from(std::uint64_t offset) const {
  Bytes piece(kPiece);
  for (;;) {
    auto got = file_.read_at(offset, piece);
    if (!got) return got.error();
    if (*got == 0) return true;
    if (std::any_of(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got), [](auto c) { return c != 0; }))
      return false;
    offset += *got;
  }
}

Result<Bytes> SegmentReader::octets(std::uint64_t offset, std::uint64_t length) const {
  if (length > kPartLimit || offset > size_ || length > size_ - offset) return broken(offset);
  Bytes octets(length);
  auto got = read_at(offset, octets);
  if (!got) return got.error();
  if (*got != length) return broken(offset);
  return octets;
}

Result<RecordMetadata> SegmentReader::metadata(const Frame& record) const {
  auto octets = this->octets(record.offset + FrameHeader::kSize, record.header.metadata_length);
  if (!octets) return octets.error();
  auto metadata = decode_metadata(*octets);
  if (!metadata) return broken(record.offset);
  metadata->found.id = record.header.id;
  std::vector<std::uint64_t> parts{metadata->message_length, metadata->hash_chain_length};
  parts.insert(parts.end(), metadata->attachment_lengths.begin(), metadata->attachment_lengths.end());
  std::uint64_t left = record.header.payload_length - record.header.metadata_length;
  for (const std::uint64_t part : parts) {
    if (part > left) return broken(record.offset);
    left -= part;
  }
  if (left != 0) return broken(record.offset);
  return metadata;
}

Result<LogRecord> SegmentReader::record(const Frame& frame, const MessageCipher& cipher) const {
  auto whole = intact(frame);
  if (!whole) return whole.error();
  if (!*whole || frame.header.type != FrameType::record) return broken(frame.offset);
  auto metadata = this->metadata(frame);
  if (!metadata) return metadata.error();
  auto record = to_log_record(*metadata, frame.header.id);
  if (!record) return record.error();
  std::uint64_t at = frame.offset + FrameHeader::kSize + frame.header.metadata_length;
  auto message = octets(at, metadata->message_length);
  if (!message) return message.error();
  if (!record->key_id.empty()) {
    auto plain = cipher.of_message(record->key_id, record->id);
    if (!plain) return plain.error();
    plain->apply(*message);
  }
  at += metadata->message_length;
  auto hash_chain = octets(at, metadata->hash_chain_length);
  if (!hash_chain) return hash_chain.error();
  at += metadata->hash_chain_length;
  auto signature = text_at(metadata->signature_offset);
  if (!signature) return signature.error();
  auto hash_chain_result = text_at(metadata->hash_chain_result_offset);
  if (!hash_chain_result) return hash_chain_result.error();
  record->message = *std::move(message);
  record->signature = {*std::move(signature), *std::move(hash_chain_result), to_text(*hash_chain)};
  for (const std::uint64_t length : metadata->attachment_lengths) {
    std::optional<pki::AesCtr> plain;
    if (!record->key_id.empty()) {
      const auto number = static_cast<std::uint32_t>(record->attachments.size() + 1);
      auto made = cipher.of_attachment(record->key_id, record->id, number);
      if (!made) return made.error();
      plain = *std::move(made);
    }
    auto content = attachment(at, length, std::move(plain));
    if (!content) return content.error();
    record->attachments.push_back({*std::move(content), length});
    at += length;
  }
  return record;
}

Result<Bytes> SegmentReader::payload_at(std::uint64_t offset, FrameType type) const {
  auto frame = frame_at(offset);
  if (!frame) return frame.error();
  if (!*frame || (*frame)->header.type != type) return broken(offset);
  auto whole = intact(**frame);
  if (!whole) return whole.error();
  if (!*whole) return broken(offset);
  return octets(offset + FrameHeader::kSize, (*frame)->header.payload_length);
}

Result<std::string> SegmentReader::text_at(std::uint64_t offset) const {
  if (offset == 0) return std::string();
  auto frame = frame_at(offset);
  if (!frame) return frame.error();
  if (!*frame || (*frame)->header.type != FrameType::difference) {
    auto text = payload_at(offset, FrameType::text);
    if (!text) return text.error();
    return to_text(*text);
  }
  auto difference = payload_at(offset, FrameType::difference);
  if (!difference) return difference.error();
  if (difference->size() < sizeof(std::uint64_t)) return broken(offset);
  auto base = payload_at(load_integer<std::uint64_t>(difference->data()), FrameType::text);
  if (!base) return base.error();
  auto text = apply_difference(to_text(*base), ByteView(*difference).subspan(sizeof(std::uint64_t)));
  if (!text) return broken(offset);
  return *std::move(text);
}

Result<std::shared_ptr<const Spool>> SegmentReader::attachment(std::uint64_t offset, std::uint64_t length,
                                                               std::optional<pki::AesCtr> cipher) const {
  auto spool = std::make_shared<Spool>();
  while (length > 0) {
    auto piece = octets(offset, std::min<std::uint64_t>(length, kPiece));
    if (!piece) return piece.error();
    if (cipher) cipher->apply(*piece);
    if (auto appended = spool->append(*piece); !appended) return appended.error();
    offset += piece->size();
    length -= piece->size();
  }
  return std::shared_ptr<const Spool>(std::move(spool));
}

namespace {

// Walks a segment and keeps, for every gap, what was true before it.
class Surveyor {
 public:
  Surveyor(const SegmentReader& segment, bool check_chain, bool sealed)
      : segment_(segment), check_chain_(check_chain), sealed_(sealed) {
    state_.end = SegmentHeader::kSize;
    state_.next_id = segment.header().first_id;
    state_.chain = segment.header().previous;
    state_.records_end = state_.end;
    state_.records_chain = state_.chain;
  }

  Result<SegmentSurvey> run() {
    for (;;) {
      auto frame = segment_.frame_at(state_.end);
      if (!frame) return frame.error();
      if (*frame) {
        auto taken = take(**frame);
        if (!taken) return taken.error();
        if (*taken) continue;
      }
      auto more = skip_gap(*frame ? (*frame)->end() : state_.end + 1);
      if (!more) return more.error();
      if (!*more) break;
    }
    return decide();
  }

 private:
  struct Before {
    SegmentSurvey state;
    std::uint64_t latest_group = 0;  // of the frames behind the gap
  };

  // False when the payload is damaged.
  Result<bool> take(const Frame& frame) {
    Chain computed = state_.chain;
    auto trailer = segment_.intact(frame, check_chain_ ? &computed : nullptr);
    if (!trailer) return trailer.error();
    if (!*trailer) return false;
    if (check_chain_ && !behind_gap_ && computed != (*trailer)->chain)
      state_.gaps.push_back({frame.offset, frame.end(), "the chain does not continue the one before"});
    behind_gap_ = false;
    state_.chain = (*trailer)->chain;
    state_.end = frame.end();
    if (frame.header.type == FrameType::record) {
      ++state_.records;
      state_.next_id = frame.header.id + 1;
      state_.records_end = state_.end;
      state_.records_chain = state_.chain;
    }
    for (Before& gap : before_) gap.latest_group = std::max(gap.latest_group, frame.header.group_offset);
    return true;
  }

  // False when no frame follows.
  Result<bool> skip_gap(std::uint64_t search_from) {
    auto next = segment_.next_frame(search_from);
    if (!next) return next.error();
    if (!*next) {
      auto zeros = segment_.empty_from(state_.end);
      if (!zeros) return zeros.error();
      if (*zeros) return false;
      if (sealed_)
        state_.gaps.push_back({state_.end, segment_.size(), "not an intact record"});
      else
        state_.torn = segment_.size() - state_.end;
      return false;
    }
    before_.push_back({state_, 0});
    state_.gaps.push_back({state_.end, (*next)->offset, "not an intact record"});
    state_.end = (*next)->offset;
    behind_gap_ = true;
    return true;
  }

  // A gap counts as damage when something behind it was written after it had been
  // flushed. If not, a crash interrupted the last group: everything from there was never
  // acknowledged.
  SegmentSurvey decide() {
    if (sealed_) return state_;
    for (const Before& gap : before_)
      if (gap.latest_group <= gap.state.end) {
        SegmentSurvey kept = gap.state;
        kept.torn = segment_.size() - kept.end;
        return kept;
      }
    return state_;
  }

  const SegmentReader& segment_;
  const bool check_chain_, sealed_;
  SegmentSurvey state_;
  std::vector<Before> before_;
  bool behind_gap_ = false;
};

}  // namespace

Result<SegmentSurvey> survey_segment(const SegmentReader& segment, bool check_chain, bool sealed) {
  return Surveyor(segment, check_chain, sealed).run();
}

}  // namespace causeway::securityserver
