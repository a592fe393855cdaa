// SPDX-License-Identifier: MIT
// Reading segment files: frame by frame, past damage, and what a whole one holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/messagelog/open_file.hpp"
#include "securityserver/messagelog/record_codec.hpp"
#include "securityserver/messagelog/segment_format.hpp"

namespace causeway::securityserver {

// "messages-000000000001.log"
std::string segment_name(std::uint64_t number);
std::string segment_path(const std::string& directory, std::uint64_t number);
// Sorted. A directory that is absent has none.
Result<std::vector<std::uint64_t>> list_segments(const std::string& directory);

struct Frame {
  FrameHeader header;
  std::uint64_t offset = 0;
  std::uint64_t end() const { return offset + frame_length(header); }
};

class SegmentReader {
 public:
  // io_error when the file or its header cannot be read.
  static Result<SegmentReader> open(const std::string& directory, std::uint64_t number);

  const SegmentHeader& header() const { return header_; }
  const std::string& path() const { return file_.path(); }
  std::uint64_t size() const { return size_; }
  // Looks at the size again: the file may have grown.
  Result<void> refresh();
  // From now on small pieces come out of larger ones, which are read once: for going through
  // many frames in order. What was read so is not read again until refresh(), so only what
  // does not change any more may be looked at.
  void read_ahead() { window_ = Window{}; }

  // The frame whose header stands there, whole and within the file; its payload is not
  // looked at. Nothing at the end and where there is damage.
  Result<std::optional<Frame>> frame_at(std::uint64_t offset) const;
  // The first frame at `from` or behind.
  Result<std::optional<Frame>> next_frame(std::uint64_t from) const;
  // Its trailer, if the payload's checksum holds. `chain`, if given, is the chain before
  // the frame, and becomes the one computed over it.
  Result<std::optional<FrameTrailer>> intact(const Frame& frame, Chain* chain = nullptr) const;
  // Whether only zeros follow.
  Result<bool> empty_from(std::uint64_t offset) const;

  Result<RecordMetadata> metadata(const Frame& record) const;
  // A text, by what the metadata says of it; empty for offset 0.
  Result<std::string> text_at(std::uint64_t offset) const;
  // Everything, checked against its checksum and decrypted; a large attachment goes to a
  // file. key_not_found when the cipher lacks the key.
  Result<LogRecord> record(const Frame& record, const MessageCipher& cipher = {}) const;

 private:
  SegmentReader(OpenFile file, SegmentHeader header, std::uint64_t size)
      : file_(std::move(file)), header_(header), size_(size) {}
  // Octets of the file, and where they begin.
  struct Window {
    std::uint64_t offset = 0;
    Bytes octets;
  };

  // Fewer octets than asked for only at the end of the file.
  // The payload of the frame there, if it is intact and of that type.
  Result<Bytes> payload_at(std::uint64_t offset, FrameType type) const;
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const;
  Result<Bytes> octets(std::uint64_t offset, std::uint64_t length) const;
  Result<std::shared_ptr<const Spool>> attachment(std::uint64_t offset, std::uint64_t length,
                                                  std::optional<pki::AesCtr> cipher) const;
  Fault broken(std::uint64_t offset) const;

  OpenFile file_;
  SegmentHeader header_;
  std::uint64_t size_;
  mutable std::optional<Window> window_;  // when reading ahead
};

// What a segment holds.
struct SegmentSurvey {
  struct Gap {
    std::uint64_t offset = 0, end = 0;
    std::string what;
  };
  std::uint64_t end = 0;  // behind the last frame that counts
  std::uint64_t records = 0;
  std::uint64_t next_id = 0;  // for the record after the last
  Chain chain{};              // after the last frame
  // The same behind the last record: texts after it belong to no record.
  std::uint64_t records_end = 0;
  Chain records_chain{};
  // Damage to what had been acknowledged.
  std::vector<Gap> gaps;
  // Octets behind `end` that a crash left half-written: never acknowledged.
  std::uint64_t torn = 0;
};
// `check_chain`: also computes the chain, which costs a hash over everything. `sealed`:
// another segment follows, so that all of this one had been flushed: what is not intact is
// damage, nothing is torn.
Result<SegmentSurvey> survey_segment(const SegmentReader& segment, bool check_chain, bool sealed = false);

}  // namespace causeway::securityserver
