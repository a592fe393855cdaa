// SPDX-License-Identifier: MIT
// Appending to the log, group by group: what a group holds is on disk as a whole or not
// there at all. Used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "pki/digest.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/messagelog/open_file.hpp"
#include "securityserver/messagelog/segment_format.hpp"

namespace causeway::securityserver {

// When a segment ends: with the group that passes either.
struct SegmentLimits {
  SegmentLimits(std::uint64_t octets = 64UL << 20, std::chrono::seconds oldest = std::chrono::hours(24))
      : size(octets), age(oldest) {}
  std::uint64_t size;
  std::chrono::seconds age;
};

class SegmentWriter {
 public:
  // Cuts off what a crash left half-written, logs damage it finds, begins the first
  // segment of an empty log.
  static Result<SegmentWriter> open(std::string directory, SegmentLimits limits,
                                    std::shared_ptr<const MessageCipher> cipher = std::make_shared<MessageCipher>());
  SegmentWriter(SegmentWriter&&) noexcept = default;

  // Where the next group begins: everything before is on disk.
  Position durable_end() const { return {number_, group_start_}; }
  // Of the last record before it; 0: there is none.
  std::uint64_t last_durable_id() const { return group_mark_.next_id - 1; }

  // The key that records appended now are to name; empty: none.
  const std::string& current_key() const { return cipher_->current_key(); }

  // The record's id. The record counts only when commit() succeeds; on a fault nothing of
  // it is in the group. `metadata` as encode_metadata made it.
  Result<std::uint64_t> append(const LogRecord& record, Bytes metadata);
  // Octets of the group so far.
  std::uint64_t group_size() const { return position() - group_start_; }
  // Flushes the group to disk; on a fault undoes it, as does every append until a later
  // group can be written again.
  Result<void> commit();
  // Begins a new segment if this one has records and is too old. Between two groups.
  Result<void> retire();
  // Cuts the segment to what it holds.
  Result<void> close();

 private:
  // What a fault has to put back.
  struct Mark {
    std::uint64_t position = 0;
    std::uint64_t next_id = 0;
    Chain chain{};
  };

  SegmentWriter(std::string directory, SegmentLimits limits, std::shared_ptr<const MessageCipher> cipher)
      : directory_(std::move(directory)), limits_(limits), cipher_(std::move(cipher)) {}

  Result<void> resume(std::uint64_t number);
  Result<void> begin_segment(std::uint64_t number);
  Result<void> write_group();
  void undo_group();

  Mark mark() const { return {position(), next_id_, chain_}; }
  void roll_back(const Mark& mark);
  bool is_full() const {
    if (group_start_ <= SegmentHeader::kSize) return false;
    return group_start_ >= limits_.size || now() - created_ >= limits_.age;
  }
  std::uint64_t position() const { return written_ + buffer_.size(); }

  // Where it stands, now if not before.
  Result<std::uint64_t> text(const SharedText& text);
  Result<void> put_text(std::string_view text);
  Result<bool> put_difference(std::string_view text);
  void begin_frame(const FrameHeader& header);
  Result<void> put(ByteView octets);
  Result<void> put_message(const LogRecord& record);
  Result<void> put_attachment(const LogRecord& record, std::size_t index);
  void end_frame();
  Result<void> write_buffer();
  Result<void> make_room();

  std::string directory_;
  SegmentLimits limits_;
  std::shared_ptr<const MessageCipher> cipher_;
  std::optional<OpenFile> file_;
  std::uint64_t number_ = 0, nonce_ = 0;
  TimePoint created_{};
  bool must_rotate_ = false;  // the segment took a failed flush: what it holds is unsure

  std::uint64_t group_start_ = 0;  // durable end
  std::uint64_t written_ = 0;      // end of what was handed to the file
  std::uint64_t touched_ = 0;      // end of what a write may have reached, also a failed one
  std::uint64_t prepared_ = 0;     // end of the zeros written ahead
  Bytes buffer_;                   // behind `written_`
  Mark group_mark_;

  std::uint64_t next_id_ = 1;
  Chain chain_{};
  std::uint32_t crc_ = 0;              // of the frame being written
  std::optional<pki::Hasher> hasher_;  // likewise

  // Texts written to this segment lately: the messages of a batch share theirs.
  struct KnownText {
    SharedText text;
    std::uint64_t offset = 0;
  };
  std::vector<KnownText> known_texts_;
  std::size_t oldest_text_ = 0;

  // Texts written whole, which others are written as differences from. Each serves a limited
  // number, so that damage to it costs no more.
  struct BaseText {
    SharedText text;
    std::uint64_t offset = 0;
    unsigned uses = 0;
  };
  std::vector<BaseText> base_texts_;  // the oldest first
};

}  // namespace causeway::securityserver
