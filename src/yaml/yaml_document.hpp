// SPDX-License-Identifier: MIT
// YAML read strictly: one document, every value a text, no key twice, no anchors, aliases
// or tags, limited depth. Each node knows where it stands, so that a complaint can say it.
//
// A file of a million access rights has a million nodes: each is one row of a table, and its
// text the octets of the file where these say it as it is.
#pragma once

#include <cstdint>
#include <deque>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace causeway {

enum class YamlKind : std::uint8_t { empty, text, sequence, mapping };

struct YamlRow {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::string_view text;
  std::uint32_t line = 0;
  std::uint32_t kind : 3 = 0;
  std::uint32_t column : 29 = 0;
  // Of a mapping keys and values take turns.
  std::uint32_t first_child = kNone, next = kNone;
};

// A node of a document that lives at least as long.
class YamlNode {
 public:
  using Kind = YamlKind;

  YamlNode(const std::vector<YamlRow>& rows, std::uint32_t place) : rows_(&rows), place_(place) {}

  Kind kind() const { return static_cast<Kind>(row().kind); }
  std::uint32_t line() const { return row().line; }  // from 1
  std::uint32_t column() const { return row().column; }
  std::string_view text() const { return row().text; }

  // Goes from child to child, by `kStep`.
  template <class Value, int kStep>
  class Children {
   public:
    class Iterator {
     public:
      using iterator_category = std::input_iterator_tag;
      using value_type = Value;
      using difference_type = std::ptrdiff_t;
      using pointer = const Value*;
      using reference = Value;
      Iterator(const std::vector<YamlRow>& rows, std::uint32_t place) : rows_(&rows), place_(place) {}
      Value operator*() const;
      Iterator& operator++() {
        for (int i = 0; i < kStep; ++i) place_ = (*rows_)[place_].next;
        return *this;
      }
      bool operator==(const Iterator& other) const { return place_ == other.place_; }

     private:
      const std::vector<YamlRow>* rows_;
      std::uint32_t place_;
    };
    Children(const std::vector<YamlRow>& rows, std::uint32_t first) : rows_(&rows), first_(first) {}
    Iterator begin() const { return {*rows_, first_}; }
    Iterator end() const { return {*rows_, YamlRow::kNone}; }

   private:
    const std::vector<YamlRow>* rows_;
    std::uint32_t first_;
  };
  struct Entry;
  // Of a sequence, and of a mapping; each is empty for other kinds.
  Children<YamlNode, 1> items() const {
    return {*rows_, kind() == Kind::sequence ? row().first_child : YamlRow::kNone};
  }
  Children<Entry, 2> entries() const { return {*rows_, kind() == Kind::mapping ? row().first_child : YamlRow::kNone}; }

 private:
  const YamlRow& row() const { return (*rows_)[place_]; }

  const std::vector<YamlRow>* rows_;
  std::uint32_t place_;
};

struct YamlNode::Entry {
  YamlNode key;  // a text
  YamlNode value;
};

template <class Value, int kStep>
Value YamlNode::Children<Value, kStep>::Iterator::operator*() const {
  if constexpr (kStep == 1)
    return YamlNode(*rows_, place_);
  else
    return {YamlNode(*rows_, place_), YamlNode(*rows_, (*rows_)[place_].next)};
}

class YamlDocument {
 public:
  YamlNode root() const { return {rows_, 0}; }

  YamlDocument(YamlDocument&&) = default;
  YamlDocument& operator=(YamlDocument&&) = default;

 private:
  friend class YamlBuilder;
  YamlDocument() = default;
  std::vector<YamlRow> rows_;
  std::deque<std::string> texts_;  // that do not stand in the file as they are
};

// Makes a document, node by node, a parent before its children.
class YamlBuilder {
 public:
  struct Mark {
    std::uint32_t line = 0, column = 0;
  };

  // `octets`: how long the text is, to have room at once.
  explicit YamlBuilder(std::size_t octets) { document_.rows_.reserve(octets / 24 + 16); }

  void empty(Mark mark) { add(YamlKind::empty, {}, mark); }
  // `text` lives as long as the document; that of copied_text() need not.
  void text(std::string_view text, Mark mark) { add(YamlKind::text, text, mark); }
  void copied_text(std::string text, Mark mark) {
    add(YamlKind::text, document_.texts_.emplace_back(std::move(text)), mark);
  }
  void open(YamlKind kind, Mark mark) { open_.push_back({add(kind, {}, mark), YamlRow::kNone}); }
  void close() { open_.pop_back(); }
  std::size_t depth() const { return open_.size(); }
  bool has_root() const { return !document_.rows_.empty(); }

  // When nothing is open.
  YamlDocument finish() && {
    if (!has_root()) empty({1, 1});
    return std::move(document_);
  }

 private:
  struct Open {
    std::uint32_t place, last_child;
  };
  std::uint32_t add(YamlKind kind, std::string_view text, Mark mark);

  YamlDocument document_;
  std::vector<Open> open_;
};

// A fault of this code, "<name>:<line>:<column>: reason". The document has views of `text`.
Result<YamlDocument> parse_yaml(const std::string& text, std::string_view name, std::string_view code);

// As a scalar that parse_yaml reads back: plain where that is safe, else in double quotes.
std::string yaml_scalar(std::string_view text);

}  // namespace causeway
