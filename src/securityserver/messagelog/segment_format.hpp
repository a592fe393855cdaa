// SPDX-License-Identifier: MIT
// How a segment file of the message log is laid out.
//
//   segment header | frame | frame | ... | zeros made ready for more
//   frame: header, payload, trailer (CRC-32C of the payload, chain)
//
// A frame is a message record, or a text (signature, hash chain result) that later
// records of the same segment refer to by its offset; or such a text as what differs from an
// earlier text frame of the segment: the offset of that in eight octets, then the difference.
// The chain is SHA-256 over the chain before, the frame's header and its payload; a segment's
// header carries the chain of the one before, so that a change anywhere shows in everything
// after it.
// Integers are little-endian.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace causeway::securityserver {

using Chain = std::array<std::uint8_t, 32>;

// A place in the log.
struct Position {
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const Position&) const = default;
};

struct SegmentHeader {
  static constexpr std::size_t kSize = 96;
  std::uint64_t number = 0;
  // Random. Stands in every frame of the segment, so that octets which a stranger sent
  // cannot pass for a frame when damage makes a reader look for the next one.
  std::uint64_t nonce = 0;
  std::uint64_t first_id = 0;  // of the first record in it
  std::int64_t created = 0;    // Unix time, ms
  Chain previous{};            // chain at the end of the segment before

  std::array<std::uint8_t, kSize> encode() const;
  // Nothing if it is not one: damaged, or of a version this program does not know.
  static std::optional<SegmentHeader> decode(ByteView bytes);
};

enum class FrameType : std::uint8_t { record = 1, text = 2, difference = 3 };

struct FrameHeader {
  static constexpr std::size_t kSize = 48;
  static constexpr std::uint32_t kMarker = 0x524d5743;  // "CWMR"

  FrameType type = FrameType::record;
  std::uint64_t id = 0;  // of a record; 0 of a text
  std::uint64_t payload_length = 0;
  // Where the group begins that was written together. All before it was on disk when
  // this frame was written: recovery tells a torn end from damage by it.
  std::uint64_t group_offset = 0;
  std::uint64_t nonce = 0;            // of the segment
  std::uint32_t metadata_length = 0;  // of a record: first part of the payload

  std::array<std::uint8_t, kSize> encode() const;
  static std::optional<FrameHeader> decode(ByteView bytes);
};

struct FrameTrailer {
  static constexpr std::size_t kSize = 36;
  std::uint32_t payload_crc = 0;
  Chain chain{};

  std::array<std::uint8_t, kSize> encode() const;
  static FrameTrailer decode(ByteView bytes);
};

constexpr std::uint64_t frame_length(const FrameHeader& header) {
  return FrameHeader::kSize + header.payload_length + FrameTrailer::kSize;
}

}  // namespace causeway::securityserver
