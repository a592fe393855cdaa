// SPDX-License-Identifier: MIT
#include "xml/markup_meter.hpp"

#include <string>

namespace causeway::xml {
namespace {

constexpr std::string_view kNamespaceName = "xmlns";
constexpr std::string_view kCdata = "[CDATA[";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

Result<void> MarkupMeter::count(std::size_t& counter, std::size_t limit, std::string_view what) {
  if (++counter <= limit) return {};
  return Fault{"invalid_xml", "too many " + std::string(what)};
}

Result<void> MarkupMeter::open(char c) {
  if (c == '/') {
    place_ = Place::end_tag;
    return {};
  }
  matched_ = 0;
  place_ = c == '?' ? Place::instruction : c == '!' ? Place::special : Place::tag;
  if (auto counted = count(nodes_, limits_.nodes, "nodes"); !counted) return counted;
  if (place_ != Place::tag) return {};
  attributes_ = 0;
  in_name_ = false;
  return count(elements_, limits_.elements, "elements");
}

Result<void> MarkupMeter::take_in_tag(char c) {
  if (c == '>') {
    place_ = Place::text;
  } else if (c == '"' || c == '\'') {
    place_ = Place::value;
    quote_ = c;
  } else if (is_space(c)) {
    // Of "xmlns =" the space belongs to the name before.
    if (!in_name_ || matched_ < kNamespaceName.size()) matched_ = 0;
    in_name_ = true;
  } else if (c == '=' || c == ':') {
    const bool declares = in_name_ && matched_ == kNamespaceName.size();
    in_name_ = false;
    if (declares)
      if (auto counted = count(namespaces_, limits_.namespace_declarations, "namespace declarations"); !counted)
        return counted;
    if (c == '=') return count(attributes_, limits_.attributes_of_a_tag, "attributes");
  } else if (in_name_) {
    in_name_ = matched_ < kNamespaceName.size() && c == kNamespaceName[matched_];
    ++matched_;
  }
  return {};
}

void MarkupMeter::take_special(char c) {
  if (c == '-' && matched_ == 0) {
    place_ = Place::comment;
    // The second dash of the beginning must not count for the end: "<!-->" is no comment.
    matched_ = 0;
    quote_ = '-';
  } else if (matched_ < kCdata.size() && c == kCdata[matched_]) {
    if (++matched_ < kCdata.size()) return;
    place_ = Place::cdata;
    matched_ = 0;
  } else {
    place_ = Place::doctype;
  }
}

void MarkupMeter::take_until(char c, char ends) {
  if (quote_ == ends) {
    quote_ = 0;
  } else if (c == ends) {
    ++matched_;
  } else {
    if (c == '>' && matched_ >= 2) place_ = Place::text;
    matched_ = 0;
  }
}

Result<void> MarkupMeter::take(char c) {
  switch (place_) {
    case Place::text:
      if (c == '<') place_ = Place::opening;
      return {};
    case Place::opening:
      return open(c);
    case Place::tag:
      return take_in_tag(c);
    case Place::value:
      if (c == quote_) {
        place_ = Place::tag;
        quote_ = 0;
      }
      return {};
    case Place::end_tag:
      if (c == '>') place_ = Place::text;
      return {};
    case Place::instruction:
      if (c == '>' && matched_ == 1) place_ = Place::text;
      matched_ = c == '?' ? 1 : 0;
      return {};
    case Place::special:
      take_special(c);
      return {};
    case Place::comment:
      take_until(c, '-');
      return {};
    case Place::cdata:
      take_until(c, ']');
      return {};
    case Place::doctype:  // refused by every parser here
      return {};
  }
  return {};
}

Result<void> MarkupMeter::pass_octets(std::string_view text) {
  while (!text.empty()) {
    // Most of a document is text and values.
    const char wanted = place_ == Place::text ? '<' : place_ == Place::value ? quote_ : 0;
    if (wanted != 0) {
      const std::size_t at = text.find(wanted);
      if (at == std::string_view::npos) return {};
      text.remove_prefix(at);
    }
    if (auto taken = take(text.front()); !taken) return taken;
    text.remove_prefix(1);
  }
  return {};
}

Result<void> MarkupMeter::pass_pairs(ByteView bytes) {
  for (const std::uint8_t octet : bytes) {
    held_[held_size_++] = octet;
    if (held_size_ < 2) continue;
    held_size_ = 0;
    const std::uint8_t low = coding_ == Coding::little_endian ? held_[0] : held_[1];
    const std::uint8_t high = coding_ == Coding::little_endian ? held_[1] : held_[0];
    // Markup is ASCII; any other character counts as a letter.
    if (auto taken = take(high == 0 ? static_cast<char>(low) : 'x'); !taken) return taken;
  }
  return {};
}

Result<void> MarkupMeter::pass(ByteView bytes) {
  if (coding_ == Coding::unknown) {
    while (held_size_ < 2 && !bytes.empty()) {
      held_[held_size_++] = bytes.front();
      bytes = bytes.subspan(1);
    }
    if (held_size_ < 2) return {};
    const auto begins = [this](std::uint8_t first, std::uint8_t second) {
      return held_[0] == first && held_[1] == second;
    };
    coding_ = begins(0xff, 0xfe) || begins('<', 0)   ? Coding::little_endian
              : begins(0xfe, 0xff) || begins(0, '<') ? Coding::big_endian
                                                     : Coding::octets;
    const std::array<std::uint8_t, 2> first = held_;
    held_size_ = 0;
    if (auto passed = pass(first); !passed) return passed;
  }
  return coding_ == Coding::octets ? pass_octets(as_text(bytes)) : pass_pairs(bytes);
}

}  // namespace causeway::xml
