// SPDX-License-Identifier: MIT
#include "xml/plain_document.hpp"

#include <algorithm>
#include <array>

#include "xml/plain_characters.hpp"

namespace causeway::xml {
namespace {

constexpr std::size_t kMaxSize = 64 * 1024;
constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxAttributes = 8;
constexpr std::size_t kMaxNamespaces = 8;
constexpr std::size_t kUsualElement = 64;  // octets; where there are more elements, vectors grow

constexpr bool is_plain(char c) { return (c >= ' ' && c <= '~' && c != '&' && c != ']') || c == '\n' || c == '\t'; }

constexpr auto kInPlainName = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < table.size(); ++c) table[c] = is_in_plain_name(static_cast<char>(c));
  return table;
}();

constexpr std::array<std::string_view, 4> kDeclarations{
    R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)",
    R"(<?xml version="1.0" encoding="UTF-8" standalone="no"?>)",
    R"(<?xml version="1.0" encoding="UTF-8"?>)",
    R"(<?xml version="1.0"?>)",
};

// Names that begin so are reserved (Namespaces in XML 1.0, 3).
bool is_reserved(std::string_view prefix) {
  const auto is = [&](std::size_t i, char lower) { return (prefix[i] | 0x20) == lower; };
  return prefix.size() >= 3 && is(0, 'x') && is(1, 'm') && is(2, 'l');
}

// Beyond doubt one that a parser takes, and none of the two that are bound already.
bool is_plain_uri(std::string_view uri) {
  constexpr std::string_view kScheme = "http://";
  if (!uri.starts_with(kScheme) || uri.find("XML/1998") != std::string_view::npos ||
      uri.find("2000/xmlns") != std::string_view::npos)
    return false;
  uri.remove_prefix(kScheme.size());
  const std::size_t fragment = uri.find('#');
  if (fragment != std::string_view::npos && uri.find('#', fragment + 1) != std::string_view::npos) return false;
  return !uri.empty() && begins_plain_name(uri.front()) &&
         std::ranges::all_of(uri, [](char c) { return is_in_plain_name(c) || c == '/' || c == '#'; });
}

// Without a way out in the middle, and in one octet, so that many are looked at at once.
bool is_all_plain(std::string_view text) {
  std::uint8_t others = 0;
  for (const char c : text) others |= static_cast<std::uint8_t>(!is_plain(c));
  return others == 0;
}

struct QualifiedName {
  std::string_view whole, prefix, local;
};

}  // namespace

// Every step is false, or without value, where the document is not plain.
class PlainParser {
 public:
  explicit PlainParser(std::string_view text) : text_(text) {}

  bool parse(PlainDocument& into) {
    if (text_.size() > kMaxSize || !is_all_plain(text_)) return false;
    document_ = &into;
    into.nodes_.reserve(text_.size() / kUsualElement + 2);
    into.attributes_.reserve(text_.size() / kUsualElement / 2 + 2);
    for (const std::string_view declaration : kDeclarations)
      if (text_.starts_with(declaration)) {
        at_ = declaration.size();
        break;
      }
    skip_space();
    if (!open()) return false;
    while (depth_ > 0)
      if (!content()) return false;
    skip_space();
    return at_ == text_.size();
  }

 private:
  using Index = PlainDocument::Index;
  struct Open {
    std::string_view name;  // with its prefix
    Index node = 0, last_child = PlainDocument::kNone;
  };
  struct Declared {
    std::string_view prefix, uri;
  };

  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!at(c)) return false;
    ++at_;
    return true;
  }
  std::size_t skip_space() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_plain_space(text_[at_])) ++at_;
    return at_ - from;
  }

  std::string_view local_name() {
    const std::size_t from = at_;
    if (at_ < text_.size() && begins_plain_name(text_[at_]))
      while (at_ < text_.size() && kInPlainName[static_cast<unsigned char>(text_[at_])]) ++at_;
    return text_.substr(from, at_ - from);
  }

  std::optional<QualifiedName> qualified_name() {
    const std::size_t from = at_;
    QualifiedName name;
    name.local = local_name();
    if (name.local.empty()) return std::nullopt;
    if (take(':')) {
      name.prefix = name.local;
      name.local = local_name();
      if (name.local.empty()) return std::nullopt;
    }
    name.whole = text_.substr(from, at_ - from);
    return name;
  }

  // Text, an element's begin or the end of the open one.
  bool content() {
    const std::size_t from = at_;
    if (!at('<')) at_ = std::min(text_.find('<', at_), text_.size());
    if (!take_text(text_.substr(from, at_ - from))) return false;
    return text_.substr(at_).starts_with("</") ? close() : open();
  }

  bool take_text(std::string_view text) {
    PlainDocument::Node& node = document_->nodes_[open_[depth_ - 1].node];
    const bool blank = std::ranges::all_of(text, is_plain_space);
    const bool at_end = text_.substr(at_).starts_with("</");
    if (at_end && node.first_child == PlainDocument::kNone) {
      node.text = text;
      return true;
    }
    return blank;
  }

  bool open() {
    if (!take('<')) return false;
    const auto name = qualified_name();
    if (!name || depth_ == kMaxDepth) return false;
    const auto index = static_cast<Index>(document_->nodes_.size());
    PlainDocument::Node& node = document_->nodes_.emplace_back();
    node.name = name->local;
    node.first_attribute = static_cast<Index>(document_->attributes_.size());
    if (!attributes(index)) return false;
    const auto uri = namespace_of(name->prefix);
    if (!uri) return false;
    node.namespace_uri = *uri;
    link(index);
    const bool empty = take('/');
    if (!take('>')) return false;
    if (!empty) open_[depth_++] = {name->whole, index};
    return true;
  }

  void link(Index index) {
    if (depth_ == 0) return;
    Open& parent = open_[depth_ - 1];
    if (parent.last_child == PlainDocument::kNone)
      document_->nodes_[parent.node].first_child = index;
    else
      document_->nodes_[parent.last_child].next_sibling = index;
    parent.last_child = index;
  }

  bool close() {
    at_ += 2;
    const std::string_view name = open_[depth_ - 1].name;
    if (!text_.substr(at_).starts_with(name)) return false;
    at_ += name.size();
    skip_space();
    --depth_;
    return take('>');
  }

  bool attributes(Index node) {
    for (;;) {
      const bool apart = skip_space() > 0;
      if (at('>') || at('/')) return true;
      if (!apart || !attribute(node)) return false;
    }
  }

  bool attribute(Index node) {
    const auto name = qualified_name();
    if (!name || !take('=')) return false;
    const char quote = at('\'') ? '\'' : '"';
    if (!take(quote)) return false;
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) return false;
    const std::string_view value = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (std::ranges::any_of(value, [](char c) { return c == '<' || c == '\n' || c == '\t'; })) return false;
    if (name->prefix.empty() && name->local == "xmlns") return declare(node, {}, value);
    if (name->prefix == "xmlns") return declare(node, name->local, value);
    return name->prefix.empty() && add(node, name->local, value);
  }

  bool add(Index node, std::string_view name, std::string_view value) {
    PlainDocument::Node& of = document_->nodes_[node];
    auto& all = document_->attributes_;
    const auto own = std::ranges::subrange(all.begin() + of.first_attribute, all.end());
    const bool twice = std::ranges::any_of(own, [&](const auto& other) { return other.name == name; });
    if (twice || of.attributes == kMaxAttributes) return false;
    all.push_back({name, value});
    ++of.attributes;
    return true;
  }

  bool declare(Index node, std::string_view prefix, std::string_view uri) {
    const bool twice = std::any_of(declared_.begin(), declared_.begin() + declarations_,
                                   [&](const Declared& other) { return other.prefix == prefix; });
    if (node != 0 || twice || !is_plain_uri(uri) || is_reserved(prefix) || declarations_ == kMaxNamespaces)
      return false;
    declared_[declarations_++] = {prefix, uri};
    return true;
  }

  std::optional<std::string_view> namespace_of(std::string_view prefix) const {
    for (std::size_t i = 0; i < declarations_; ++i)
      if (declared_[i].prefix == prefix) return declared_[i].uri;
    if (prefix.empty()) return std::string_view();
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  PlainDocument* document_ = nullptr;
  std::array<Open, kMaxDepth> open_;
  std::size_t depth_ = 0;
  std::array<Declared, kMaxNamespaces> declared_;
  std::size_t declarations_ = 0;
};

std::optional<PlainDocument> PlainDocument::parse(std::string_view text) {
  std::optional<PlainDocument> document(std::in_place);
  if (!PlainParser(text).parse(*document)) return std::nullopt;
  return document;
}

std::optional<std::string_view> PlainElement::attribute(std::string_view name) const {
  for (PlainDocument::Index i = 0; i < node().attributes; ++i) {
    const auto& attribute = document_->attributes_[node().first_attribute + i];
    if (attribute.name == name) return attribute.value;
  }
  return std::nullopt;
}

}  // namespace causeway::xml
