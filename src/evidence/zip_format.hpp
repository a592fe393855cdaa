// SPDX-License-Identifier: MIT
// The records of a ZIP file (APPNOTE 6.3, without ZIP64). For the sources of this folder.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace causeway::evidence::zip {

inline constexpr std::uint32_t kLocalSignature = 0x04034b50;
inline constexpr std::uint32_t kDescriptorSignature = 0x08074b50;
inline constexpr std::uint32_t kCentralSignature = 0x02014b50;
inline constexpr std::uint32_t kEndSignature = 0x06054b50;

inline constexpr std::size_t kLocalSize = 30;
inline constexpr std::size_t kCentralSize = 46;
inline constexpr std::size_t kEndSize = 22;
inline constexpr std::size_t kDescriptorSize = 16;  // with its signature, which is optional

inline constexpr std::uint16_t kDeflateOptions = 0x0006;  // how hard the writer tried
inline constexpr std::uint16_t kHasDescriptor = 0x0008;
inline constexpr std::uint16_t kUtf8Name = 0x0800;

inline constexpr std::uint16_t kStored = 0;
inline constexpr std::uint16_t kDeflated = 8;

inline constexpr std::uint16_t kTimeExtra = 0x5455;  // "UT": seconds since 1970
inline constexpr std::uint8_t kTimeIsModification = 1;

inline constexpr int kRawDeflate = -15;  // zlib's window bits without its own header

// From these values on a field would need ZIP64.
inline constexpr std::uint64_t kMaxEntries = 0xffff;
inline constexpr std::uint64_t kMaxOffset = 0xffffffff;

inline std::uint16_t u16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
}
inline std::uint32_t u32(ByteView bytes, std::size_t at) {
  return u16(bytes, at) | std::uint32_t{u16(bytes, at + 2)} << 16;
}
inline void put16(Bytes& out, std::uint64_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}
inline void put32(Bytes& out, std::uint64_t value) {
  put16(out, value & 0xffff);
  put16(out, value >> 16);
}

}  // namespace causeway::evidence::zip
