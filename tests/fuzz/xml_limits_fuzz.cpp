// SPDX-License-Identifier: MIT
// What is counted of an XML document before it is parsed agrees with what the parser finds:
// exactly its elements pass, and not one less.
#include <algorithm>

#include "oracle.hpp"
#include "xml/document.hpp"
#include "xml/markup_meter.hpp"

namespace {

using namespace causeway;
using fuzz::require;

bool passes(ByteView document, xml::MarkupMeter::Limits limits, std::size_t piece) {
  xml::MarkupMeter meter(limits);
  for (; !document.empty(); document = document.subspan(std::min(piece, document.size())))
    if (!meter.pass(document.first(std::min(piece, document.size())))) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const ByteView input(bytes, size);
  const auto document = xml::Document::parse(fuzz::text_of(bytes, size), {.depth = 256});
  if (!document) return 0;
  const xml::Element root = document->root();
  std::size_t elements = 0, attributes = 0;
  for (std::optional<xml::Element> at = root; at; at = at->next_within(root)) {
    ++elements;
    std::size_t of_this = 0;
    at->for_each_attribute([&](std::string_view, std::string_view) { ++of_this; });
    attributes = std::max(attributes, of_this);
  }
  for (const std::size_t piece : {size, std::size_t{1}}) {
    require(passes(input, {.elements = elements}, piece));
    require(!passes(input, {.elements = elements - 1}, piece));
    require(attributes == 0 || !passes(input, {.attributes_of_a_tag = attributes - 1}, piece));
  }
  return 0;
}
