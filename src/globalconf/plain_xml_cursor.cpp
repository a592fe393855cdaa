// SPDX-License-Identifier: MIT
#include "globalconf/plain_xml_cursor.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/utf8.hpp"
#include "globalconf/xml_values.hpp"
#include "xml/plain_characters.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::size_t kWindow = std::size_t{256} << 10;
// What lies ahead in the window when a token is read, unless the document ends before.
constexpr std::ptrdiff_t kAhead = 64 << 10;
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxAttributes = 16;
constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::string_view kNamespaceOfXml = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kNamespaceOfXmlns = "http://www.w3.org/2000/xmlns/";

enum class Kind : std::uint8_t { other, plain, bracket, ampersand, less, beyond_ascii };

constexpr std::array<Kind, 256> kinds() {
  std::array<Kind, 256> table{};
  for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = Kind::plain;
  for (std::size_t c = 0x80; c < 0x100; ++c) table[c] = Kind::beyond_ascii;
  table['\t'] = table['\n'] = Kind::plain;
  table['<'] = Kind::less;
  table['&'] = Kind::ampersand;
  table[']'] = Kind::bracket;
  return table;
}
constexpr std::array<Kind, 256> kKinds = kinds();

Kind kind_of(char c) { return kKinds[static_cast<unsigned char>(c)]; }

// Octets beyond ASCII: what may stand in XML.
bool is_text(std::string_view text) {
  return is_utf8(text) && text.find("\xEF\xBF\xBE") == std::string_view::npos &&
         text.find("\xEF\xBF\xBF") == std::string_view::npos;
}

struct Name {
  std::string_view prefix, local;
  const char* end = nullptr;  // null: there is none
};

Name read_name(const char* at, const char* end) {
  const auto part = [&](const char* from) {
    const char* to = from;
    if (to != end && xml::begins_plain_name(*to))
      while (to != end && xml::is_in_plain_name(*to)) ++to;
    return std::string_view(from, static_cast<std::size_t>(to - from));
  };
  Name name;
  name.local = part(at);
  const char* after = at + name.local.size();
  if (after != end && *after == ':') {
    name.prefix = name.local;
    name.local = part(after + 1);
    after = name.local.data() + name.local.size();
    if (name.prefix.empty()) return {};
  }
  if (!name.local.empty() && after != end) name.end = after;
  return name;
}

bool unescape(std::string_view text, std::string& out) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  out.clear();
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('&'), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto* entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                      [&](const auto& known) { return text.starts_with(known.first); });
    if (entity == std::end(kEntities)) return false;
    out += entity->second;
    text.remove_prefix(entity->first.size());
  }
  return true;
}

}  // namespace

PlainXmlCursor::PlainXmlCursor(std::string_view document)
    : at_(document.data()), end_(document.data() + document.size()) {}

PlainXmlCursor::PlainXmlCursor(FileReader& file, std::size_t limit)
    : file_(&file), limit_(limit), whole_(false), window_(kWindow), at_(window_.data()), end_(window_.data()) {}

void PlainXmlCursor::fill() {
  if (whole_ || end_ - at_ >= kAhead) return;
  const auto kept = static_cast<std::size_t>(end_ - at_);
  std::memmove(window_.data(), at_, kept);
  at_ = window_.data();
  end_ = at_;
  const auto count = file_->read(std::span(window_).subspan(kept));
  if (!count || *count > limit_) {
    failed_ = true;
    return;
  }
  limit_ -= *count;
  end_ = at_ + kept + *count;
  whole_ = kept + *count < window_.size();
}

bool PlainXmlCursor::skip_declaration() {
  begun_ = true;
  std::string_view ahead(at_, static_cast<std::size_t>(end_ - at_));
  if (!ahead.starts_with("<?")) return true;
  const auto take = [&](std::string_view text) {
    if (!ahead.starts_with(text)) return false;
    ahead.remove_prefix(text.size());
    return true;
  };
  if (!take("<?xml version=\"1.0\"")) return give_up();
  (void)(take(" encoding=\"UTF-8\"") || take(" encoding=\"utf-8\""));
  (void)(take(" standalone=\"yes\"") || take(" standalone=\"no\""));
  if (!take("?>")) return give_up();
  at_ = ahead.data();
  return true;
}

bool PlainXmlCursor::to_markup() {
  fill();
  if (!begun_ && !skip_declaration()) return false;
  if (failed_) return false;
  while (at_ != end_ && xml::is_plain_space(*at_)) ++at_;
  if (end_ - at_ >= 2 && *at_ == '<') return true;
  return give_up();
}

bool PlainXmlCursor::check_attributes() {
  for (const Attribute& attribute : attributes_) {
    const auto uri = attribute.prefix.empty() ? std::optional<std::string_view>() : uri_of(attribute.prefix);
    if (uri != kSchemaInstance) return give_up();
  }
  attributes_.clear();
  return true;
}

std::optional<std::string_view> PlainXmlCursor::uri_of(std::string_view prefix) const {
  for (const Namespace& known : namespaces_)
    if (known.prefix == prefix) return known.uri;
  if (prefix.empty()) return std::string_view();
  return std::nullopt;
}

// `name` as qualified() makes it.
bool PlainXmlCursor::is(std::string_view uri, std::string_view local, std::string_view name) const {
  const std::size_t space = name.rfind(' ');
  if (space == std::string_view::npos) return uri.empty() && local == name;
  return local == name.substr(space + 1) && uri == name.substr(0, space);
}

bool PlainXmlCursor::enter_if(std::string_view name) {
  if (failed_ || !check_attributes() || closes_itself_ || over_) return false;
  if (!to_markup() || at_[1] == '/') return false;
  return read_start_tag(name);
}

bool PlainXmlCursor::enter(std::string_view name) { return enter_if(name) || give_up(); }

bool PlainXmlCursor::read_start_tag(std::string_view name) {
  const Name found = read_name(at_ + 1, end_);
  if (found.end == nullptr || depth_ == kMaxDepth) return give_up();
  if (depth_ > 0) {
    const auto uri = uri_of(found.prefix);
    if (!uri) return give_up();
    if (!is(*uri, found.local, name)) return false;
  }
  const std::string_view written(at_ + 1, static_cast<std::size_t>(found.end - at_ - 1));
  if (!read_attributes(found.end)) return false;
  if (depth_ == 0) {
    // The namespace of the root is declared by itself.
    if (!declare_namespaces()) return false;
    const auto uri = uri_of(found.prefix);
    if (!uri || !is(*uri, found.local, name)) return give_up();
  }
  if (open_.size() == depth_) open_.emplace_back();
  open_[depth_++].assign(written);
  return true;
}

bool PlainXmlCursor::read_attributes(const char* at) {
  attributes_.clear();
  for (;;) {
    const char* const before = at;
    while (at != end_ && xml::is_plain_space(*at)) ++at;
    if (end_ - at < 2) return give_up();
    closes_itself_ = at[0] == '/' && at[1] == '>';
    if (*at == '>' || closes_itself_) {
      at_ = at + (closes_itself_ ? 2 : 1);
      return true;
    }
    const Name name = read_name(at, end_);
    if (at == before || name.end == nullptr || end_ - name.end < 2 || *name.end != '=') return give_up();
    const char quote = name.end[1];
    if (quote != '"' && quote != '\'') return give_up();
    const char* const begin = name.end + 2;
    const char* to = begin;
    bool beyond_ascii = false;
    while (to != end_ && *to != quote) {
      const Kind kind = kind_of(*to);
      if (kind == Kind::other || kind == Kind::less || kind == Kind::ampersand || *to == '\t' || *to == '\n')
        return give_up();
      beyond_ascii = beyond_ascii || kind == Kind::beyond_ascii;
      ++to;
    }
    const std::string_view value(begin, static_cast<std::size_t>(to - begin));
    if (to == end_ || (beyond_ascii && !is_text(value))) return give_up();
    const bool declares = name.prefix == "xmlns" || (name.prefix.empty() && name.local == "xmlns");
    // Two of one local name may be the same under two prefixes.
    const bool twice = std::any_of(attributes_.begin(), attributes_.end(),
                                   [&](const Attribute& other) { return other.local == name.local; });
    if (twice || (declares && depth_ > 0) || attributes_.size() == kMaxAttributes) return give_up();
    attributes_.push_back({name.prefix, name.local, value});
    at = to + 1;
  }
}

bool PlainXmlCursor::declare_namespaces() {
  for (const Attribute& attribute : attributes_) {
    const bool is_default = attribute.prefix.empty() && attribute.local == "xmlns";
    if (attribute.prefix != "xmlns" && !is_default) continue;
    const std::string_view prefix = is_default ? std::string_view() : attribute.local;
    const std::string_view uri = attribute.value;
    if (uri.empty() || prefix == "xml" || prefix == "xmlns" || uri == kNamespaceOfXml || uri == kNamespaceOfXmlns)
      return give_up();
    namespaces_.push_back({std::string(prefix), std::string(uri)});
  }
  std::erase_if(attributes_, [](const Attribute& attribute) {
    return attribute.prefix == "xmlns" || (attribute.prefix.empty() && attribute.local == "xmlns");
  });
  return std::all_of(attributes_.begin(), attributes_.end(),
                     [&](const Attribute& attribute) { return uri_of(attribute.prefix).has_value(); }) ||
         give_up();
}

bool PlainXmlCursor::read_end_tag() {
  const std::string& name = open_[depth_ - 1];
  const char* at = at_ + 2;
  if (end_ - at_ < 2 || at_[0] != '<' || at_[1] != '/') return give_up();
  if (static_cast<std::size_t>(end_ - at) <= name.size() || std::memcmp(at, name.data(), name.size()) != 0)
    return give_up();
  at += name.size();
  while (at != end_ && xml::is_plain_space(*at)) ++at;
  if (at == end_ || *at != '>') return give_up();
  at_ = at + 1;
  over_ = --depth_ == 0;
  return true;
}

void PlainXmlCursor::leave() {
  if (failed_ || !check_attributes()) return;
  if (depth_ == 0) {
    failed_ = true;
  } else if (closes_itself_) {
    closes_itself_ = false;
    over_ = --depth_ == 0;
  } else if (to_markup()) {
    read_end_tag();
  }
}

std::optional<std::string_view> PlainXmlCursor::attribute(std::string_view name) {
  for (auto it = attributes_.begin(); it != attributes_.end(); ++it) {
    const auto uri = it->prefix.empty() ? std::optional(std::string_view()) : uri_of(it->prefix);
    if (!uri) {
      failed_ = true;
      return std::nullopt;
    }
    if (!is(*uri, it->local, name)) continue;
    const std::string_view value = it->value;
    attributes_.erase(it);
    return value;
  }
  return std::nullopt;
}

// Up to the next '<'.
std::optional<std::string_view> PlainXmlCursor::content() {
  const char* const begin = at_;
  bool escaped = false, beyond_ascii = false;
  for (; at_ != end_; ++at_) {
    const Kind kind = kind_of(*at_);
    if (kind == Kind::plain) continue;
    if (kind == Kind::less) break;
    escaped = escaped || kind == Kind::ampersand;
    beyond_ascii = beyond_ascii || kind == Kind::beyond_ascii;
    const bool ends_cdata = kind == Kind::bracket && end_ - at_ >= 3 && at_[1] == ']' && at_[2] == '>';
    if (kind == Kind::other || ends_cdata) break;
  }
  const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
  if (at_ == end_ || *at_ != '<' || (beyond_ascii && !is_text(text)) || (escaped && !unescape(text, unescaped_))) {
    failed_ = true;
    return std::nullopt;
  }
  return escaped ? std::string_view(unescaped_) : text;
}

std::optional<std::string_view> PlainXmlCursor::text_if(std::string_view name) {
  if (!enter_if(name) || !check_attributes()) return std::nullopt;
  if (closes_itself_) {
    leave();
    return std::string_view();
  }
  const auto text = content();
  if (!text || !read_end_tag()) return std::nullopt;
  return text;
}

std::string_view PlainXmlCursor::text(std::string_view name) {
  if (const auto text = text_if(name)) return *text;
  failed_ = true;
  return {};
}

std::int64_t PlainXmlCursor::integer(std::string_view name) {
  const auto number = to_integer(text(name));
  if (!number) failed_ = true;
  return number.value_or(0);
}

std::optional<bool> PlainXmlCursor::boolean_if(std::string_view name) {
  const auto value = text_if(name);
  if (!value) return std::nullopt;
  const auto flag = to_boolean(*value);
  if (!flag) failed_ = true;
  return flag;
}

std::optional<Bytes> PlainXmlCursor::base64_if(std::string_view name) {
  const auto value = text_if(name);
  if (!value) return std::nullopt;
  auto bytes = from_base64(*value);
  if (bytes) return *std::move(bytes);
  failed_ = true;
  return std::nullopt;
}

Bytes PlainXmlCursor::base64(std::string_view name) {
  if (auto bytes = base64_if(name)) return *std::move(bytes);
  failed_ = true;
  return {};
}

void PlainXmlCursor::skip_rest() {
  if (failed_ || !check_attributes() || closes_itself_) return;
  if (to_markup() && at_[1] != '/') failed_ = true;
}

bool PlainXmlCursor::finish() {
  if (failed_ || !check_attributes() || !over_) return give_up();
  while (!failed_) {
    fill();
    while (at_ != end_ && xml::is_plain_space(*at_)) ++at_;
    if (at_ != end_) return give_up();
    if (whole_) return true;
  }
  return false;
}

}  // namespace causeway::globalconf
