// SPDX-License-Identifier: MIT
#include "base/utf8.hpp"

#include <wctype.h>

#include <clocale>
#include <stdexcept>

namespace causeway {
namespace {

locale_t letters() {
  static const locale_t its = [] {
    const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (made == nullptr) throw std::runtime_error("the system has no locale C.UTF-8");
    return made;
  }();
  return its;
}

void append(std::string& text, char32_t code) {
  const auto octet = [&](char32_t value) { text += static_cast<char>(value); };
  if (code < 0x80) return octet(code);
  if (code < 0x800) {
    octet(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      octet(0xe0 | code >> 12);
    } else {
      octet(0xf0 | code >> 18);
      octet(0x80 | (code >> 12 & 0x3f));
    }
    octet(0x80 | (code >> 6 & 0x3f));
  }
  octet(0x80 | (code & 0x3f));
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    char32_t code = lead < 0x80 ? lead : lead < 0xe0 ? lead & 0x1f : lead < 0xf0 ? lead & 0x0f : lead & 0x07;
    for (; i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80; ++i)
      code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
    append(out, static_cast<char32_t>(::towlower_l(static_cast<wint_t>(code), letters())));
  }
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : (lead & 0xf0) == 0xe0       ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    unsigned code = length == 1 ? lead : lead & (0x7f >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const unsigned char next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      code = code << 6 | (next & 0x3f);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10ffff)) ||
        (code >= 0xd800 && code < 0xe000))
      return false;
    i += length;
  }
  return true;
}

// What takes four octets takes two units.
std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet & 0xc0) != 0x80) units += octet >= 0xf0 ? 2 : 1;
  }
  return units;
}

}  // namespace causeway
