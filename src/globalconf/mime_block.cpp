// SPDX-License-Identifier: MIT
#include "globalconf/mime_block.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::size_t kMaxHeaders = 64;
constexpr std::size_t kMaxHeaderSize = 16 * 1024;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The next line without its end; `text` goes on behind it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view unquoted(std::string_view value) {
  for (const char quote : {'"', '\''})
    if (value.size() >= 2 && value.front() == quote && value.back() == quote) {
      value.remove_prefix(1);
      value.remove_suffix(1);
    }
  return value;
}

enum class Delimiter { none, next, closing };

Delimiter delimiter_of(std::string_view line, std::string_view boundary) {
  if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return Delimiter::none;
  const std::string_view rest = line.substr(2 + boundary.size());
  if (trimmed(rest).empty()) return Delimiter::next;
  return rest.starts_with("--") && trimmed(rest.substr(2)).empty() ? Delimiter::closing : Delimiter::none;
}

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

const std::string* MimeEntity::header(std::string_view lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() || found->second.empty() ? nullptr : &found->second;
}

std::optional<MimeEntity> split_headers(std::string_view text) {
  MimeEntity entity;
  std::string* last = nullptr;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    if (is_blank(line.front()) && last != nullptr) {  // the line before goes on
      *last += ' ';
      *last += trimmed(line);
      if (last->size() > kMaxHeaderSize) return std::nullopt;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.size() > kMaxHeaderSize || ++count > kMaxHeaders)
      return std::nullopt;
    last = &(entity.headers[lower(trimmed(line.substr(0, colon)))] = trimmed(line.substr(colon + 1)));
  }
  entity.body = text;
  return entity;
}

HeaderValue split_parameters(std::string_view text) {
  HeaderValue out;
  std::size_t end = text.find(';');
  out.value = trimmed(text.substr(0, end));
  while (end != std::string_view::npos) {
    text.remove_prefix(end + 1);
    end = text.find(';');
    const std::string_view parameter = text.substr(0, end);
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    out.parameters[std::string(trimmed(parameter.substr(0, equals)))] = unquoted(trimmed(parameter.substr(equals + 1)));
  }
  return out;
}

std::optional<std::vector<std::string_view>> split_multipart(std::string_view body, std::string_view boundary,
                                                             std::size_t limit) {
  std::vector<std::string_view> parts;
  const char* start = nullptr;  // of the part that is open
  std::string_view rest = body;
  while (!rest.empty()) {
    const char* const line_start = rest.data();
    const Delimiter delimiter = delimiter_of(take_line(rest), boundary);
    if (delimiter == Delimiter::none) continue;
    if (start != nullptr) parts.push_back(without_line_end({start, static_cast<std::size_t>(line_start - start)}));
    if (parts.size() > limit) return std::nullopt;
    start = delimiter == Delimiter::next ? rest.data() : nullptr;
    if (delimiter == Delimiter::closing) return parts;
  }
  if (start != nullptr) parts.emplace_back(start, static_cast<std::size_t>(body.data() + body.size() - start));
  return parts;
}

std::optional<std::string> boundary_of(const MimeEntity& entity) {
  const std::string* const type = entity.header("content-type");
  if (type == nullptr) return std::nullopt;
  const HeaderValue value = split_parameters(*type);
  if (!lower(value.value).starts_with("multipart/")) return std::nullopt;
  for (const auto& [name, parameter] : value.parameters)
    if (lower(name) == "boundary" && !parameter.empty()) return parameter;
  return std::nullopt;
}

}  // namespace causeway::globalconf
