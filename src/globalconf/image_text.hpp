// SPDX-License-Identifier: MIT
// Texts of an image, each with its length in front.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::globalconf {

inline void append_image_text(std::string& pool, std::string_view text) {
  std::size_t length = text.size();
  for (; length >= 0x80; length >>= 7) pool.push_back(static_cast<char>(0x80 | (length & 0x7f)));
  pool.push_back(static_cast<char>(length));
  pool.append(text);
}

// Empty also for a place that is none: a block that was tampered with must not lead astray.
inline std::string_view image_text(std::string_view pool, std::uint32_t place) {
  std::size_t length = 0, at = place;
  for (unsigned shift = 0; at < pool.size() && shift < 63; shift += 7) {
    const auto octet = static_cast<unsigned char>(pool[at++]);
    length |= static_cast<std::size_t>(octet & 0x7f) << shift;
    if (octet < 0x80) return length <= pool.size() - at ? pool.substr(at, length) : std::string_view();
  }
  return {};
}

}  // namespace causeway::globalconf
