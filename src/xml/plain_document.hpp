// SPDX-License-Identifier: MIT
// Documents of the plainest kind, read many times faster than by the general parser: what
// programs write (hash chains are an example) seldom needs more. Nothing is refused here:
// whatever is not plain is for Document to read, and to judge.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace causeway::xml {

class PlainElement;

// Views into the text that was parsed, which must live as long.
class PlainDocument {
 public:
  // nullopt when it is not plain: ASCII of at most 64 KiB without control characters other
  // than line feed and tab; no entity or character reference, comment, processing
  // instruction, CDATA section or document type; namespaces declared on the root only and
  // prefixes on elements only; text in elements without children only; at most 16 levels.
  // All that is plain is well-formed, and means to Document what it means here.
  static std::optional<PlainDocument> parse(std::string_view text);

  PlainElement root() const;

 private:
  friend class PlainElement;
  friend class PlainParser;
  using Index = std::uint32_t;
  static constexpr Index kNone = ~Index{0};

  struct Attribute {
    std::string_view name, value;
  };
  struct Node {
    std::string_view namespace_uri, name, text;
    Index first_child = kNone, next_sibling = kNone;
    Index first_attribute = 0, attributes = 0;
  };
  std::vector<Node> nodes_;  // the root first
  std::vector<Attribute> attributes_;
};

// As xml::Element, of a plain document. Texts are views into what was parsed.
class PlainElement {
 public:
  std::string_view name() const { return node().name; }
  std::string_view namespace_uri() const { return node().namespace_uri; }
  bool is(std::string_view uri, std::string_view name) const {
    return node().name == name && node().namespace_uri == uri;
  }
  std::optional<std::string_view> attribute(std::string_view name) const;
  template <class Visit>
  void for_each_attribute(Visit visit) const {
    for (PlainDocument::Index i = 0; i < node().attributes; ++i)
      visit(std::string_view(), document_->attributes_[node().first_attribute + i].name);
  }
  // White space between child elements is left out.
  std::string_view text() const { return node().text; }
  bool has_text() const { return node().text.find_first_not_of(" \t\n") != std::string_view::npos; }
  std::optional<PlainElement> first_child() const { return at(node().first_child); }
  std::optional<PlainElement> next_sibling() const { return at(node().next_sibling); }

 private:
  friend class PlainDocument;
  PlainElement(const PlainDocument& document, PlainDocument::Index index) : document_(&document), index_(index) {}
  const PlainDocument::Node& node() const { return document_->nodes_[index_]; }
  std::optional<PlainElement> at(PlainDocument::Index index) const {
    if (index == PlainDocument::kNone) return std::nullopt;
    return PlainElement(*document_, index);
  }

  const PlainDocument* document_;
  PlainDocument::Index index_;
};

inline PlainElement PlainDocument::root() const { return {*this, 0}; }

}  // namespace causeway::xml
