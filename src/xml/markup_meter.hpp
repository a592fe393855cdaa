// SPDX-License-Identifier: MIT
// Counts the markup of a document before a parser sees it. A parser tells of an element
// when it has read it whole, and by then a tag of some hundred thousand attributes has
// cost it minutes (libxml2 compares each with all others) or hundreds of megabytes (expat).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::xml {

class MarkupMeter {
 public:
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

  // In the whole document, but for the attributes: those of one tag, namespace
  // declarations among them. Nodes are elements, comments and processing instructions.
  struct Limits {
    std::size_t elements = kUnlimited;
    std::size_t nodes = kUnlimited;
    std::size_t attributes_of_a_tag = kUnlimited;
    std::size_t namespace_declarations = kUnlimited;
  };

  explicit MarkupMeter(Limits limits) : limits_(limits) {}

  // The next octets of the document, in UTF-8, UTF-16 or what shares ASCII. invalid_xml at
  // the first octet beyond a limit. What is not well-formed is the parser's to find: up to
  // there both see the same tags.
  Result<void> pass(ByteView bytes);

 private:
  enum class Place { text, opening, tag, value, end_tag, instruction, special, comment, cdata, doctype };
  enum class Coding { unknown, octets, little_endian, big_endian };

  Result<void> pass_octets(std::string_view text);
  Result<void> pass_pairs(ByteView bytes);
  Result<void> take(char c);
  Result<void> open(char c);
  Result<void> take_in_tag(char c);
  void take_special(char c);
  // `ends` twice and then '>' end what it stands in.
  void take_until(char c, char ends);
  Result<void> count(std::size_t& counter, std::size_t limit, std::string_view what);

  Limits limits_;
  Coding coding_ = Coding::unknown;
  std::array<std::uint8_t, 2> held_{};  // the first octets, or half of a pair
  std::size_t held_size_ = 0;

  Place place_ = Place::text;
  char quote_ = 0;
  std::size_t matched_ = 0;  // octets of a word, or of an end, that came so far
  bool in_name_ = false;     // of an attribute that may still be called xmlns
  std::size_t elements_ = 0, nodes_ = 0, attributes_ = 0, namespaces_ = 0;
};

}  // namespace causeway::xml
