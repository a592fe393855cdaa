// SPDX-License-Identifier: MIT
#include "globalconf/xml_values.hpp"

#include <charconv>
#include <string>

namespace causeway::globalconf {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string_view collapsed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<bool> to_boolean(std::string_view text) {
  text = collapsed(text);
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  text = collapsed(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<TimePoint> to_date_time(std::string_view text) {
  const std::string value(collapsed(text));
  if (auto time = parse_iso(value)) return *time;
  if (auto time = parse_iso(value + "Z")) return *time;
  return std::nullopt;
}

}  // namespace causeway::globalconf
