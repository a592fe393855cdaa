// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/segment_format.hpp"

#include <algorithm>
#include <cstring>

#include "securityserver/messagelog/crc32c.hpp"
#include "securityserver/messagelog/little_endian.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::string_view kMagic = "CWMLOG\r\n";
constexpr std::uint32_t kVersion = 1;

// The last four octets of a header are the checksum of the others.
template <std::size_t Size>
void seal(std::array<std::uint8_t, Size>& octets) {
  store_integer(octets.data() + Size - 4, crc32c(ByteView(octets).first(Size - 4)));
}

bool is_sealed(ByteView octets) {
  const ByteView content = octets.first(octets.size() - 4);
  return load_integer<std::uint32_t>(octets.data() + content.size()) == crc32c(content);
}

}  // namespace

std::array<std::uint8_t, SegmentHeader::kSize> SegmentHeader::encode() const {
  std::array<std::uint8_t, kSize> octets{};
  std::memcpy(octets.data(), kMagic.data(), kMagic.size());
  store_integer(octets.data() + 8, kVersion);
  store_integer(octets.data() + 16, number);
  store_integer(octets.data() + 24, first_id);
  store_integer(octets.data() + 32, created);
  store_integer(octets.data() + 40, nonce);
  std::copy(previous.begin(), previous.end(), octets.begin() + 48);
  seal(octets);
  return octets;
}

std::optional<SegmentHeader> SegmentHeader::decode(ByteView bytes) {
  if (bytes.size() < kSize) return std::nullopt;
  bytes = bytes.first(kSize);
  if (as_text(bytes.first(kMagic.size())) != kMagic || !is_sealed(bytes)) return std::nullopt;
  if (load_integer<std::uint32_t>(bytes.data() + 8) != kVersion) return std::nullopt;
  SegmentHeader header;
  header.number = load_integer<std::uint64_t>(bytes.data() + 16);
  header.first_id = load_integer<std::uint64_t>(bytes.data() + 24);
  header.created = load_integer<std::int64_t>(bytes.data() + 32);
  header.nonce = load_integer<std::uint64_t>(bytes.data() + 40);
  std::copy_n(bytes.begin() + 48, header.previous.size(), header.previous.begin());
  return header;
}

std::array<std::uint8_t, FrameHeader::kSize> FrameHeader::encode() const {
  std::array<std::uint8_t, kSize> octets{};
  store_integer(octets.data(), kMarker);
  octets[4] = static_cast<std::uint8_t>(type);
  octets[5] = static_cast<std::uint8_t>(kVersion);
  store_integer(octets.data() + 8, id);
  store_integer(octets.data() + 16, payload_length);
  store_integer(octets.data() + 24, group_offset);
  store_integer(octets.data() + 32, nonce);
  store_integer(octets.data() + 40, metadata_length);
  seal(octets);
  return octets;
}

std::optional<FrameHeader> FrameHeader::decode(ByteView bytes) {
  if (bytes.size() < kSize) return std::nullopt;
  bytes = bytes.first(kSize);
  if (load_integer<std::uint32_t>(bytes.data()) != kMarker || !is_sealed(bytes)) return std::nullopt;
  if (bytes[4] < 1 || bytes[4] > 3 || bytes[5] != kVersion) return std::nullopt;
  FrameHeader header;
  header.type = static_cast<FrameType>(bytes[4]);
  header.id = load_integer<std::uint64_t>(bytes.data() + 8);
  header.payload_length = load_integer<std::uint64_t>(bytes.data() + 16);
  header.group_offset = load_integer<std::uint64_t>(bytes.data() + 24);
  header.nonce = load_integer<std::uint64_t>(bytes.data() + 32);
  header.metadata_length = load_integer<std::uint32_t>(bytes.data() + 40);
  if (header.metadata_length > header.payload_length) return std::nullopt;
  return header;
}

std::array<std::uint8_t, FrameTrailer::kSize> FrameTrailer::encode() const {
  std::array<std::uint8_t, kSize> octets{};
  store_integer(octets.data(), payload_crc);
  std::copy(chain.begin(), chain.end(), octets.begin() + 4);
  return octets;
}

FrameTrailer FrameTrailer::decode(ByteView bytes) {
  FrameTrailer trailer;
  trailer.payload_crc = load_integer<std::uint32_t>(bytes.data());
  std::copy_n(bytes.begin() + 4, trailer.chain.size(), trailer.chain.begin());
  return trailer;
}

}  // namespace causeway::securityserver
