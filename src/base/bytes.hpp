// SPDX-License-Identifier: MIT
// Octets and their texts: hexadecimal and Base64 (RFC 4648).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace causeway {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes to_bytes(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}
inline std::string to_text(ByteView bytes) { return std::string(as_text(bytes)); }

// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);
// Either case, no separators. invalid_encoding for anything else.
Result<Bytes> from_hex(std::string_view text);

// One line, padded.
std::string to_base64(ByteView bytes);
// White space anywhere is passed over, as MIME and XML writers wrap lines;
// missing padding is accepted. invalid_encoding for any other character.
Result<Bytes> from_base64(std::string_view text);

}  // namespace causeway
