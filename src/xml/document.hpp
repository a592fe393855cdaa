// SPDX-License-Identifier: MIT
// XML documents read whole, for what is signed or small: signatures, hash chains,
// configuration parts. Foreign bytes are safe here: no DTD, no entities, no network,
// UTF-8 only, and limits on everything that could grow.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"

struct _xmlDoc;   // NOLINT(bugprone-reserved-identifier): of libxml2
struct _xmlNode;  // NOLINT(bugprone-reserved-identifier)

namespace causeway::xml {

// What a document may be at most; one beyond it is invalid_xml.
struct Limits {
  std::size_t bytes = std::size_t{4} << 20;
  std::size_t depth = 64;  // libxml2 itself stops at 256
  std::size_t elements = 100'000;
  std::size_t attributes_of_an_element = 64;
  // In the whole document. Canonicalisation costs the product of namespaces and elements.
  std::size_t namespace_declarations = 200;
};

class Children;

// A view of one element; valid as long as its Document lives.
class Element {
 public:
  explicit Element(_xmlNode* node) : node_(node) {}

  std::string_view name() const;           // without prefix
  std::string_view namespace_uri() const;  // empty when in none
  bool is(std::string_view namespace_uri, std::string_view name) const;

  // Of an attribute in no namespace. nullopt when absent.
  std::optional<std::string> attribute(std::string_view name) const;
  std::optional<std::string> attribute(std::string_view namespace_uri, std::string_view name) const;
  // Calls visit(namespace_uri, name) for each attribute; namespace declarations are none.
  template <class Visit>
  void for_each_attribute(Visit visit) const;

  // The text directly inside, CDATA included, comments and child elements left out.
  std::string text() const;
  // Whether there is text besides white space directly inside.
  bool has_text() const;

  std::optional<Element> parent() const;
  std::optional<Element> first_child() const;
  std::optional<Element> next_sibling() const;
  // Child elements in order.
  Children children() const;
  // The first child of that name.
  std::optional<Element> child(std::string_view namespace_uri, std::string_view name) const;
  // Next element in document order inside `root`; nullopt after its last.
  std::optional<Element> next_within(const Element& root) const;

  bool operator==(const Element&) const = default;
  _xmlNode* handle() const { return node_; }

 private:
  struct Attribute {
    std::string_view namespace_uri, name;
  };
  // Steps through the attributes; `cursor` starts as nullptr and is nullptr at the end.
  Attribute next_attribute(const void*& cursor) const;

  _xmlNode* node_;
};

template <class Visit>
void Element::for_each_attribute(Visit visit) const {
  const void* cursor = nullptr;
  for (Attribute at = next_attribute(cursor); cursor != nullptr; at = next_attribute(cursor))
    visit(at.namespace_uri, at.name);
}

// for (Element child : element.children())
class Children {
 public:
  class Iterator {
   public:
    explicit Iterator(std::optional<Element> at) : at_(at) {}
    Element operator*() const { return *at_; }
    Iterator& operator++() {
      at_ = at_->next_sibling();
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    std::optional<Element> at_;
  };

  explicit Children(std::optional<Element> first) : first_(first) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(std::nullopt); }

 private:
  std::optional<Element> first_;
};

// Elements by the value of their attribute `Id`.
class IdIndex {
 public:
  std::optional<Element> find(std::string_view id) const;

 private:
  friend class Document;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, Element, Hash, std::equal_to<>> elements_;
};

class Document {
 public:
  // invalid_xml when it is not well-formed (namespaces included), has a document type
  // declaration, is not UTF-8, or exceeds a limit.
  static Result<Document> parse(std::string_view text, const Limits& limits = {});

  Element root() const;
  // invalid_xml when two elements carry the same `Id`: which one is meant by a
  // reference must never be a matter of opinion.
  Result<IdIndex> ids() const;

  _xmlDoc* handle() const { return document_.get(); }

 private:
  struct Free {
    void operator()(_xmlDoc* document) const noexcept;
  };
  explicit Document(_xmlDoc* document) : document_(document) {}
  std::unique_ptr<_xmlDoc, Free> document_;
};

}  // namespace causeway::xml
