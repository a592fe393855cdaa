// SPDX-License-Identifier: MIT
// The characters that readers of plain XML know: all ASCII, and no carriage return.
#pragma once

namespace causeway::xml {

constexpr bool is_plain_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }
constexpr bool begins_plain_name(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
constexpr bool is_in_plain_name(char c) {
  return begins_plain_name(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

}  // namespace causeway::xml
