// SPDX-License-Identifier: MIT
#include "message/uri.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/utf8.hpp"
#include "domain/fault_code.hpp"

namespace causeway::message {
namespace {

enum Set : std::uint8_t { kPath = 1, kUric = 2, kHex = 4, kScheme = 8, kAuthority = 16 };

constexpr std::array<std::uint8_t, 256> make_sets() {
  std::array<std::uint8_t, 256> sets{};
  const auto allow = [&sets](std::string_view characters, int set) {
    for (const char c : characters) sets[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(set);
  };
  constexpr std::string_view alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  allow(alphanumeric, kPath | kUric | kScheme | kAuthority);
  allow("-_.!~*'()", kPath | kUric | kAuthority);
  allow(":@&=+$,;/", kPath | kUric);
  allow("?[]", kUric);
  allow("$,;:@&=+[]", kAuthority);
  allow("+-.", kScheme);
  allow("0123456789abcdefABCDEF", kHex);
  return sets;
}

constexpr std::array<std::uint8_t, 256> kSets = make_sets();

bool in(char c, Set set) { return (kSets[static_cast<unsigned char>(c)] & set) != 0; }

// Length and code point of the UTF-8 sequence at the front; length 0 when it is none.
struct Point {
  std::size_t length;
  std::uint32_t code;
};
Point first_point(std::string_view text) {
  const unsigned char lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {1, lead};
  const std::size_t length = lead >= 0xc2 && lead < 0xe0    ? 2
                             : (lead & 0xf0) == 0xe0        ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  if (length == 0 || length > text.size()) return {0, 0};
  std::uint32_t code = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return {0, 0};
    code = code << 6 | (next & 0x3fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {0, 0};
  return {length, code};
}

// Java's space characters and control characters beyond ASCII.
bool is_invisible(std::uint32_t code) {
  return code < 0xa1 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 ||
         code == 0x202f || code == 0x205f || code == 0x3000;
}

bool all_in(std::string_view text, Set set) {
  for (std::size_t i = 0; i < text.size();) {
    if (in(text[i], set)) {
      ++i;
    } else if (text[i] == '%') {
      if (i + 2 >= text.size() || !in(text[i + 1], kHex) || !in(text[i + 2], kHex)) return false;
      i += 3;
    } else {
      const Point point = first_point(text.substr(i));
      if (point.length < 2 || is_invisible(point.code)) return false;
      i += point.length;
    }
  }
  return true;
}

bool is_hierarchical(std::string_view text) {
  if (text.starts_with("//")) {
    const auto end = text.find_first_of("/?", 2);
    const std::string_view authority = text.substr(2, end == std::string_view::npos ? end : end - 2);
    if (authority.empty() && end == std::string_view::npos) return false;
    if (!all_in(authority, kAuthority)) return false;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end);
  }
  const auto mark = text.find('?');
  if (!all_in(text.substr(0, mark), kPath)) return false;
  return mark == std::string_view::npos || is_uri_query(text.substr(mark + 1));
}

}  // namespace

bool is_uri_path(std::string_view path) {
  return path.starts_with('/') && !path.starts_with("//") && all_in(path, kPath);
}

bool is_uri_query(std::string_view query) { return all_in(query, kUric); }

bool is_uri(std::string_view text) {
  if (text.empty()) return false;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    if (!all_in(text.substr(hash + 1), kUric)) return false;
    text = text.substr(0, hash);
    if (text.empty()) return true;
  }
  const auto stop = text.find_first_of(":/?");
  if (stop == std::string_view::npos || text[stop] != ':') return is_hierarchical(text);
  const std::string_view scheme = text.substr(0, stop);
  if (scheme.empty() || !in(scheme[0], kScheme) || !((scheme[0] | 0x20) >= 'a' && (scheme[0] | 0x20) <= 'z'))
    return false;
  for (const char c : scheme)
    if (!in(c, kScheme)) return false;
  const std::string_view rest = text.substr(stop + 1);
  if (rest.empty()) return false;
  return rest.starts_with('/') ? is_hierarchical(rest) : all_in(rest, kUric);
}

Result<std::string> percent_decoded(std::string_view text, Encoding encoding) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' && encoding == Encoding::form ? ' ' : text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned char octet = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), octet, 16);
    if (error != std::errc() || end != digits.data() + 2)
      return fault(FaultCode::bad_request, "has a broken percent-encoding");
    plain += static_cast<char>(octet);
    i += 2;
  }
  if (!is_utf8(plain)) return fault(FaultCode::bad_request, "is not valid UTF-8");
  return plain;
}

}  // namespace causeway::message
