// SPDX-License-Identifier: MIT
// Paths of REST calls and patterns of endpoints: "pattern\npath". The matcher agrees with
// one that is slow and plain; a path that rights are given to climbs nowhere.
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "oracle.hpp"
#include "securityserver/access/path_pattern.hpp"
#include "securityserver/access/service_path.hpp"

namespace {

using namespace causeway::securityserver;
using causeway::fuzz::require;

// Tries everything. Only for patterns of plain characters and stars without '?' or '\'.
bool matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.starts_with("**")) {
    pattern.remove_prefix(std::min(pattern.find_first_not_of('*'), pattern.size()));
    for (std::size_t taken = 0; taken <= path.size(); ++taken) {
      if (matches(pattern, path.substr(taken))) return true;
      if (taken < path.size() && (path[taken] == '\n' || path[taken] == '\r')) return false;
    }
    return false;
  }
  if (pattern.front() == '*') {
    const std::size_t end = std::min(path.find('/'), path.size());
    return matches(pattern.substr(1), path.substr(end));
  }
  return !path.empty() && path.front() == pattern.front() && matches(pattern.substr(1), path.substr(1));
}

bool is_plain(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80 || c == '?' || c == '\\') return false;
  return true;
}

bool holds_dot_segment(std::string_view path) {
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, end) == "." || rest.substr(0, end) == "..") return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::string literal(std::string_view path) {
  std::string pattern;
  for (const char c : path) pattern += c == '*' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return pattern;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input = causeway::fuzz::text_of(bytes, size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view pattern = input.substr(0, line);
  const std::string_view path = input.substr(std::min(line + 1, input.size()));

  const bool matched = path_matches(pattern, path);
  if (is_plain(pattern) && is_plain(path) && pattern.size() <= 12 && path.size() <= 40)
    require(matched == matches(pattern, path));

  const auto normalised = normalise_service_path(path);
  if (!normalised) {
    require(!normalised.error().text.empty());
    return 0;
  }
  require(causeway::is_utf8(*normalised));
  require(normalised->size() <= 3 * path.size() + 1);
  // A dot segment that was encoded twice comes out last: "." means nothing to a pattern.
  if (!is_misleading(*normalised))
    require(normalised->find("..") == std::string::npos && !normalised->starts_with("//"));
  if (path.find('%') == std::string_view::npos && !is_misleading(*normalised)) require(!holds_dot_segment(*normalised));
  if (normalised->find('?') == std::string::npos) require(path_matches(literal(*normalised), *normalised));
  return 0;
}
