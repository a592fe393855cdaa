// SPDX-License-Identifier: MIT
#include "message/content_type.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "net/http_message.hpp"

namespace causeway::message {
namespace {

constexpr std::string_view kSpace = " \t";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Takes what stands before the next ';' outside of quotes off `rest`, the ';' too.
std::string_view take_item(std::string_view& rest) {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (rest[i] == ';' && !quoted) {
      break;
    }
  }
  const std::string_view item = rest.substr(0, i);
  rest.remove_prefix(i < rest.size() ? i + 1 : rest.size());
  return item;
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string result;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    result += value[i];
  }
  return result;
}

std::string_view name_of(std::string_view item) { return trimmed(item.substr(0, item.find('='))); }

bool has_control(std::string_view text) {
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return true;
  return false;
}

}  // namespace

Result<ContentType> ContentType::parse(std::string_view text) {
  if (has_control(text)) return fault(FaultCode::invalid_content_type, "Content-Type holds a control character");
  ContentType result;
  std::string_view rest = text;
  const std::string_view type = trimmed(take_item(rest));
  if (type.empty()) return fault(FaultCode::invalid_content_type, "Content-Type is empty");
  if (type.find_first_of("\", \t=") != std::string_view::npos)
    return fault(FaultCode::invalid_content_type, "Content-Type does not start with a media type");
  result.type = lower(type);
  while (!rest.empty()) {
    const std::string_view item = take_item(rest);
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    const auto [place, added] =
        result.parameters.emplace(lower(name_of(item)), unquoted(trimmed(item.substr(equals + 1))));
    // Two readers could take different ones of two boundaries, and so different parts.
    if (!added && place->second != unquoted(trimmed(item.substr(equals + 1))))
      return fault(FaultCode::invalid_content_type, "Content-Type holds '" + place->first + "' twice");
  }
  return result;
}

bool is_plain_media_type(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '.' || c == '+';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain);
}

std::string ContentType::parameter(std::string_view name) const {
  const auto found = parameters.find(lower(name));
  return found == parameters.end() ? std::string() : found->second;
}

std::string with_utf8_charset(std::string_view content_type) {
  std::string result;
  std::string_view rest = content_type;
  bool first = true;
  while (!rest.empty()) {
    const std::string_view item = take_item(rest);
    if (!first && net::equals_ignoring_case(name_of(item), "charset")) continue;
    if (!first) result += ';';
    result += item;
    first = false;
  }
  while (!result.empty() && kSpace.find(result.back()) != std::string_view::npos) result.pop_back();
  return result + ";charset=utf-8";
}

}  // namespace causeway::message
