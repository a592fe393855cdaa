// SPDX-License-Identifier: MIT
#include "xml/writing.hpp"

#include <cassert>
#include <cstdint>

namespace causeway::xml {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the XML character encoded at the front of `text`; 0 when there is none.
std::size_t character_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = at(0);
  if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  std::uint32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (at(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool forbidden = (code >= 0xD800 && code <= 0xDFFF) || code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF;
  return overlong || forbidden ? 0 : length;
}

template <class Escape>
void append_escaped(std::string& out, std::string_view text, Escape escape) {
  for (std::size_t i = 0; i < text.size();) {
    if (const std::string_view escaped = escape(text[i]); !escaped.empty()) {
      out += escaped;
      ++i;
      continue;
    }
    const std::size_t length = character_length(text.substr(i));
    out += length == 0 ? kReplacement : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  append_escaped(out, text, [](char c) -> std::string_view {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '\r':
        return "&#xD;";
      default:
        return {};
    }
  });
}

void append_attribute_value(std::string& out, std::string_view text) {
  append_escaped(out, text, [](char c) -> std::string_view {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '"':
        return "&quot;";
      case '\t':
        return "&#x9;";
      case '\n':
        return "&#xA;";
      case '\r':
        return "&#xD;";
      default:
        return {};
    }
  });
}

std::string escape_text(std::string_view text) {
  std::string out;
  append_text(out, text);
  return out;
}

std::string escape_attribute(std::string_view text) {
  std::string out;
  append_attribute_value(out, text);
  return out;
}

Writer& Writer::declaration(std::string_view text) {
  assert(out_.empty());
  out_ += text;
  if (indent_ > 0) out_ += '\n';
  return *this;
}

Writer& Writer::open(std::string_view name) {
  end_start_tag();
  if (!open_.empty()) new_line();
  out_ += '<';
  out_ += name;
  open_.emplace_back(name);
  in_start_tag_ = true;
  after_text_ = false;
  return *this;
}

Writer& Writer::attribute(std::string_view name, std::string_view value) {
  assert(in_start_tag_);
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  append_attribute_value(out_, value);
  out_ += '"';
  return *this;
}

Writer& Writer::text(std::string_view value) {
  end_start_tag();
  append_text(out_, value);
  after_text_ = true;
  return *this;
}

Writer& Writer::close() {
  assert(!open_.empty());
  const std::string name = std::move(open_.back());
  open_.pop_back();
  if (in_start_tag_) {
    out_ += "/>";
    in_start_tag_ = false;
  } else {
    if (!after_text_) new_line();
    out_ += "</" + name + ">";
  }
  after_text_ = false;
  return *this;
}

Writer& Writer::element(std::string_view name, std::string_view value) { return open(name).text(value).close(); }

std::string Writer::finish() && {
  assert(open_.empty());
  if (indent_ > 0) out_ += '\n';
  return std::move(out_);
}

void Writer::end_start_tag() {
  if (in_start_tag_) out_ += '>';
  in_start_tag_ = false;
}

void Writer::new_line() {
  if (indent_ == 0 || after_text_) return;
  out_ += '\n';
  out_.append(open_.size() * indent_, ' ');
}

}  // namespace causeway::xml
