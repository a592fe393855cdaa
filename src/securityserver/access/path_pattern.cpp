// SPDX-License-Identifier: MIT
#include "securityserver/access/path_pattern.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace causeway::securityserver {
namespace {

struct Token {
  enum class Kind { literal, segment, anything };
  Kind kind;
  std::string_view text = {};  // of a literal: one character, in UTF-8
  bool optional = false;
};

// Octets of the UTF-8 character that begins here; 1 where there is none.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return std::min(length, text.size());
}

// What '?' does depends on what stands before it: X-Road hands it to java.util.regex as it is.
class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : rest_(pattern) {}

  std::optional<std::vector<Token>> read() {
    int marks_allowed = 2;  // at the beginning '?' applies to the anchor, and means nothing
    while (!rest_.empty()) {
      if (rest_.front() == '?') {
        if (marks_allowed == 0) return std::nullopt;
        if (!tokens_.empty() && tokens_.back().kind == Token::Kind::literal) tokens_.back().optional = true;
        --marks_allowed;
        rest_.remove_prefix(1);
      } else {
        marks_allowed = read_token();
      }
    }
    return std::move(tokens_);
  }

 private:
  // How many '?' may follow: none a possessive star, one a lazy one, two a character.
  int read_token() {
    if (rest_.starts_with("**")) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of('*'), rest_.size()));
      tokens_.push_back({Token::Kind::anything});
      return 1;
    }
    if (rest_.front() == '*') {
      rest_.remove_prefix(1);
      tokens_.push_back({Token::Kind::segment});
      return 0;
    }
    if (rest_.starts_with("\\*") || rest_.starts_with("\\\\")) rest_.remove_prefix(1);
    const std::size_t length = character_length(rest_);
    tokens_.push_back({Token::Kind::literal, rest_.substr(0, length)});
    rest_.remove_prefix(length);
    return 2;
  }

  std::string_view rest_;
  std::vector<Token> tokens_;
};

// What "**" stops at: it is a regular expression's ".*".
bool is_line_break(std::string_view path, std::size_t at) {
  const std::string_view rest = path.substr(at);
  return rest.front() == '\n' || rest.front() == '\r' || rest.starts_with("\u0085") || rest.starts_with("\u2028") ||
         rest.starts_with("\u2029");
}

// The places in `path` that the tokens read so far can have come to.
class Places {
 public:
  explicit Places(std::string_view path) : path_(path), now_(path.size() + 1), next_(path.size() + 1) {
    now_[0] = true;
  }

  void advance(const Token& token) {
    std::fill(next_.begin(), next_.end(), false);
    if (token.kind == Token::Kind::literal)
      take_literal(token);
    else if (token.kind == Token::Kind::segment)
      take_segment();
    else
      take_anything();
    now_.swap(next_);
  }

  bool at_end() const { return now_.back(); }

 private:
  void take_literal(const Token& token) {
    for (std::size_t at = 0; at <= path_.size(); ++at) {
      if (!now_[at]) continue;
      if (token.optional) next_[at] = true;
      if (path_.substr(at).starts_with(token.text)) next_[at + token.text.size()] = true;
    }
  }
  void take_segment() {
    for (std::size_t at = 0; at <= path_.size(); ++at)
      if (now_[at]) next_[std::min(path_.find('/', at), path_.size())] = true;
  }
  void take_anything() {
    bool running = false;
    for (std::size_t at = 0; at <= path_.size(); ++at) {
      running = running || now_[at];
      next_[at] = running;
      if (at < path_.size() && is_line_break(path_, at)) running = false;
    }
  }

  std::string_view path_;
  std::vector<bool> now_, next_;
};

}  // namespace

bool path_matches(std::string_view pattern, std::string_view path) {
  const auto tokens = PatternReader(pattern).read();
  if (!tokens) return false;
  Places places(path);
  for (const Token& token : *tokens) places.advance(token);
  return places.at_end();
}

}  // namespace causeway::securityserver
