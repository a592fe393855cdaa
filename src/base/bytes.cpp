// SPDX-License-Identifier: MIT
#include "base/bytes.hpp"

#include <array>

namespace causeway {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> base64_values() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (std::size_t i = 0; i < kBase64.size(); ++i)
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
  return values;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return Fault{"invalid_encoding", "hexadecimal text of odd length"};
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return Fault{"invalid_encoding", "not a hexadecimal digit"};
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  char* out = text.data();
  std::size_t i = 0;
  for (; i + 2 < bytes.size(); i += 3) {
    const unsigned group = unsigned{bytes[i]} << 16 | unsigned{bytes[i + 1]} << 8 | bytes[i + 2];
    *out++ = kBase64[group >> 18];
    *out++ = kBase64[group >> 12 & 63];
    *out++ = kBase64[group >> 6 & 63];
    *out++ = kBase64[group & 63];
  }
  if (i + 1 == bytes.size()) {
    *out++ = kBase64[bytes[i] >> 2];
    *out++ = kBase64[(bytes[i] & 3) << 4];
  } else if (i + 2 == bytes.size()) {
    *out++ = kBase64[bytes[i] >> 2];
    *out++ = kBase64[(bytes[i] & 3) << 4 | bytes[i + 1] >> 4];
    *out++ = kBase64[(bytes[i + 1] & 15) << 2];
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  static constexpr auto kValues = base64_values();
  const auto value_of = [](char c) { return int{kValues[static_cast<unsigned char>(c)]}; };
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);  // two of a last group without padding
  bytes.resize(text.size() / 4 * 3);
  // Whole groups without white space; the rest, and all that is unusual, octet by octet.
  std::uint8_t* out = bytes.data();
  for (; text.size() >= 4; text.remove_prefix(4)) {
    const int a = value_of(text[0]), b = value_of(text[1]), c = value_of(text[2]), d = value_of(text[3]);
    if ((a | b | c | d) < 0) break;
    *out++ = static_cast<std::uint8_t>(a << 2 | b >> 4);
    *out++ = static_cast<std::uint8_t>(b << 4 | c >> 2);
    *out++ = static_cast<std::uint8_t>(c << 6 | d);
  }
  bytes.resize(static_cast<std::size_t>(out - bytes.data()));
  unsigned group = 0;
  int count = 0;
  bool padded = false;
  for (const char c : text) {
    if (is_space(c)) continue;
    if (c == '=') {
      padded = true;
      continue;
    }
    const int value = value_of(c);
    if (value < 0 || padded) return Fault{"invalid_encoding", "not a Base64 text"};
    group = group << 6 | static_cast<unsigned>(value);
    if (++count == 4) {
      bytes.push_back(static_cast<std::uint8_t>(group >> 16));
      bytes.push_back(static_cast<std::uint8_t>(group >> 8));
      bytes.push_back(static_cast<std::uint8_t>(group));
      group = 0;
      count = 0;
    }
  }
  if (count == 1) return Fault{"invalid_encoding", "Base64 text cut off"};
  if (count >= 2) bytes.push_back(static_cast<std::uint8_t>(group >> (count == 2 ? 4 : 10)));
  if (count == 3) bytes.push_back(static_cast<std::uint8_t>(group >> 2));
  return bytes;
}

}  // namespace causeway
