// SPDX-License-Identifier: MIT
// What the reader of plain documents takes, the general parser takes too, and both read the same.
#include "oracle.hpp"
#include "xml/document.hpp"
#include "xml/plain_document.hpp"

namespace {

using namespace causeway;
using fuzz::require;

void compare(const xml::PlainElement& plain, const xml::Element& general) {
  require(plain.name() == general.name());
  require(plain.namespace_uri() == general.namespace_uri());
  std::size_t attributes = 0;
  general.for_each_attribute([&](std::string_view uri, std::string_view name) {
    ++attributes;
    require(uri.empty() && plain.attribute(name) == general.attribute(name));
  });
  plain.for_each_attribute([&](std::string_view, std::string_view) { --attributes; });
  require(attributes == 0);
  require(plain.has_text() == general.has_text());
  auto ours = plain.first_child();
  auto theirs = general.first_child();
  if (!theirs) require(plain.text() == general.text());
  for (; ours && theirs; ours = ours->next_sibling(), theirs = theirs->next_sibling()) compare(*ours, *theirs);
  require(!ours && !theirs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  const auto plain = xml::PlainDocument::parse(text);
  if (!plain) return 0;
  const auto general = xml::Document::parse(text);
  require(general.ok());
  compare(plain->root(), general->root());
  return 0;
}
