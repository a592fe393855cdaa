// SPDX-License-Identifier: MIT
#include "message/xml_encoding.hpp"

#include <algorithm>
#include <cstdint>

#include "message/rest.hpp"

namespace causeway::message {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool is_utf16(std::string_view text) {
  return text.size() >= 2 &&
         (text.starts_with("\xfe\xff") || text.starts_with("\xff\xfe") || text[0] == 0 || text[1] == 0);
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// The text was read as XML before, so surrogates stand in pairs.
std::string utf16_to_utf8(std::string_view text) {
  const bool big = text.starts_with("\xfe\xff") || text[0] == 0;
  if (text.starts_with("\xfe\xff") || text.starts_with("\xff\xfe")) text.remove_prefix(2);
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<unsigned char>(text[i]), second = static_cast<unsigned char>(text[i + 1]);
    return static_cast<std::uint32_t>(big ? first << 8 | second : second << 8 | first);
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    std::uint32_t code = unit(i);
    if (code >= 0xd800 && code < 0xdc00 && i + 3 < text.size()) {
      i += 2;
      code = 0x10000 + ((code - 0xd800) << 10) + (unit(i) - 0xdc00);
    }
    append_utf8(out, code);
  }
  return out;
}

std::string_view without_declaration(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.starts_with("<?xml") && text.size() > 5 && kSpace.find(text[5]) != std::string_view::npos)
    text.remove_prefix(text.find("?>") + 2);
  return text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
}

}  // namespace

bool is_utf8_xml(std::string_view xml, std::string_view declared) {
  return !is_utf16(xml) && (declared.empty() || net::equals_ignoring_case(declared, "utf-8"));
}

std::string utf8_xml(std::string_view xml, std::string_view declared) {
  const std::string utf8 = is_utf16(xml)                ? utf16_to_utf8(xml)
                           : is_utf8_xml(xml, declared) ? std::string(xml)
                                                        : latin1_to_utf8(xml);
  return std::string(kXmlDeclaration).append(without_declaration(utf8));
}

}  // namespace causeway::message
