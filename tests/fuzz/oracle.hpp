// SPDX-License-Identifier: MIT
// What fuzz targets hold a parser to, besides not crashing.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace causeway::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace causeway::fuzz
