// SPDX-License-Identifier: MIT
#include "yaml/block_yaml.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/utf8.hpp"

namespace causeway {
namespace {

constexpr std::size_t kDepthLimit = 32;
constexpr std::size_t kLongestKey = 1000;  // the general parser looks no further for the colon

bool begins_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
         c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

// Without tabs, carriage returns and control characters; without the line breaks and marks
// that Unicode has beyond ASCII.
bool is_usual_text(std::string_view text) {
  bool ascii = true;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet < 0x20 && c != '\n') || octet == 0x7f) return false;
    ascii = ascii && octet < 0x80;
  }
  if (ascii) return true;
  for (const std::string_view unusual : {"\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF", "\xEF\xBF"})
    if (text.find(unusual) != std::string_view::npos) return false;
  for (std::size_t at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return false;
  return is_utf8(text);
}

// What the general parser may take for no text.
bool is_null(std::string_view text) { return text == "null" || text == "Null" || text == "NULL" || text == "~"; }

class BlockReader {
 public:
  explicit BlockReader(std::string_view text) : rest_(text), builder_(text.size()) {}

  std::optional<YamlDocument> read() {
    if (!is_usual_text(rest_) || !next_line() || indent_ != 0 || !block(0) || !at_end_) return std::nullopt;
    return std::move(builder_).finish();
  }

 private:
  using Mark = YamlBuilder::Mark;

  // To the next line that says something; false, with at_end_, when there is none.
  bool next_line() {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number_;
      indent_ = line_.find_first_not_of(' ');
      if (indent_ == std::string_view::npos || line_[indent_] == '#') continue;
      line_ = line_.substr(indent_, line_.find_last_not_of(' ') + 1 - indent_);
      return true;
    }
    at_end_ = true;
    line_ = {};
    indent_ = 0;
    return false;
  }

  Mark mark(std::size_t offset = 0) const {
    return {static_cast<std::uint32_t>(number_), static_cast<std::uint32_t>(indent_ + offset + 1)};
  }
  bool at_item() const { return !at_end_ && (line_ == "-" || line_.starts_with("- ")); }

  // What begins in the present line, at this indentation.
  bool block(std::size_t indent) {
    if (builder_.depth() >= kDepthLimit) return false;
    return at_item() ? sequence(indent) : mapping(indent);
  }

  bool sequence(std::size_t indent) {
    builder_.open(YamlKind::sequence, mark());
    while (at_item() && indent_ == indent) {
      const std::size_t content = line_.find_first_not_of(' ', 1);
      if (content == std::string_view::npos) return false;  // an item that stands in the next line
      indent_ += content;
      line_.remove_prefix(content);
      if (line_.front() == '-') return false;  // "- - a", "-----BEGIN"
      const bool good = key_length() != 0 ? mapping(indent_) : value(indent);
      if (!good) return false;
    }
    builder_.close();
    return at_end_ || indent_ < indent || (indent_ == indent && !at_item());
  }

  bool mapping(std::size_t indent) {
    builder_.open(YamlKind::mapping, mark());
    std::unordered_set<std::string> keys;
    do {
      const std::size_t length = key_length();
      std::string key;
      if (length == 0 || length > kLongestKey || !scalar(line_.substr(0, length), key)) return false;
      if (!keys.insert(key).second) return false;
      add(line_.substr(0, length), std::move(key), mark());
      std::size_t content = line_.find_first_not_of(' ', length + 1);
      if (content == std::string_view::npos || line_[content] == '#') {
        if (!nested(indent)) return false;
        continue;
      }
      indent_ += content;
      line_.remove_prefix(content);
      if (!value(indent)) return false;
    } while (!at_end_ && indent_ == indent && !at_item());
    builder_.close();
    return at_end_ || indent_ < indent || (indent_ == indent && at_item());
  }

  // The value of a key that ends its line.
  bool nested(std::size_t indent) {
    const Mark nothing = mark(line_.size());
    next_line();
    if (!at_end_ && (indent_ > indent || (indent_ == indent && at_item()))) return block(indent_);
    builder_.empty(nothing);
    return true;
  }

  // The rest of the line. `parent`: what the next line may be indented by at most.
  bool value(std::size_t parent) {
    if (line_ == "|") return literal(parent);
    if (line_ == "[]") {
      builder_.open(YamlKind::sequence, mark());
      builder_.close();
    } else {
      std::string text;
      std::string_view written = line_;
      if (begins_plain(line_.front())) written = line_.substr(0, line_.find(" #"));
      written = written.substr(0, written.find_last_not_of(' ') + 1);
      if (written.empty() || !scalar(written, text)) return false;
      add(written, std::move(text), mark());
    }
    next_line();
    return at_end_ || indent_ <= parent;  // else the value goes on
  }

  // Lines of equal indentation, as of PEM.
  bool literal(std::size_t parent) {
    const Mark at = mark();
    std::string text;
    std::size_t indent = 0;
    while (!rest_.empty()) {
      const std::string_view line = rest_.substr(0, std::min(rest_.find('\n'), rest_.size()));
      const std::size_t first = line.find_first_not_of(' ');
      if (first == std::string_view::npos) return false;
      if (first <= parent) break;
      if (text.empty()) indent = first;
      if (first != indent || line.back() == ' ' || line.size() == rest_.size()) return false;
      text.append(line.substr(first)).push_back('\n');
      rest_.remove_prefix(line.size() + 1);
      ++number_;
    }
    if (text.empty()) return false;
    builder_.copied_text(std::move(text), at);
    next_line();
    return true;
  }

  // Of the key that the line begins with; 0 when it begins with none.
  std::size_t key_length() const {
    std::size_t end = 0;
    if (line_.front() == '"') {
      end = 1;
      while (end < line_.size() && line_[end] != '"') end += line_[end] == '\\' ? 2 : 1;
      ++end;
    } else {
      // Up to the first colon before a space; one in a quoted value is behind another.
      end = line_.find(": ");
      if (end == std::string_view::npos) end = line_.back() == ':' ? line_.size() - 1 : line_.size();
    }
    return end < line_.size() && line_[end] == ':' && (end + 1 == line_.size() || line_[end + 1] == ' ') ? end : 0;
  }

  void add(std::string_view written, std::string text, Mark at) {
    if (written == text)
      builder_.text(written, at);
    else
      builder_.copied_text(std::move(text), at);
  }

  // What a scalar of one line says, without a comment behind it.
  static bool scalar(std::string_view written, std::string& text) {
    if (written.front() == '"') return quoted(written, text);
    const bool plain = begins_plain(written.front()) && written.find(": ") == std::string_view::npos &&
                       written.find(" #") == std::string_view::npos && written.back() != ':' && written.back() != ' ' &&
                       !is_null(written) && written != "..." && !written.starts_with("... ");
    if (plain) text.assign(written);
    return plain;
  }

  static bool quoted(std::string_view written, std::string& text) {
    if (written.size() < 2 || written.back() != '"') return false;
    written = written.substr(1, written.size() - 2);
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (written[i] == '"') return false;
      if (written[i] != '\\') {
        text += written[i];
        continue;
      }
      const char escaped = ++i < written.size() ? written[i] : '\0';
      if (escaped != '"' && escaped != '\\' && escaped != 'n') return false;
      text += escaped == 'n' ? '\n' : escaped;
    }
    return true;
  }

  std::string_view rest_, line_;
  std::size_t indent_ = 0, number_ = 0;
  bool at_end_ = false;
  YamlBuilder builder_;
};

}  // namespace

std::optional<YamlDocument> parse_block_yaml(std::string_view text) { return BlockReader(text).read(); }

}  // namespace causeway
