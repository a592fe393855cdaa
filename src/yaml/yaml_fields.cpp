// SPDX-License-Identifier: MIT
#include "yaml/yaml_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace causeway {

using Kind = YamlNode::Kind;

void YamlPlace::refuse(const YamlNode& at, std::string_view reason) const {
  throw YamlRefused{{code_, fmt::format("{}:{}:{}: {}", file_, at.line(), at.column(), reason)}};
}

std::string_view YamlPlace::text(const YamlNode& node, std::string_view what) const {
  if (node.kind() != Kind::text || node.text().empty()) refuse(node, fmt::format("{} must be a text", what));
  return node.text();
}

YamlNode::Children<YamlNode, 1> YamlPlace::sequence(const YamlNode& node, std::string_view what) const {
  if (node.kind() != Kind::sequence) refuse(node, fmt::format("{} must be a list (lines that begin with '-')", what));
  return node.items();
}

bool YamlPlace::flag(const YamlNode& node, std::string_view what) const {
  const std::string_view value = text(node, what);
  if (value != "true" && value != "false") refuse(node, fmt::format("{} must be true or false", what));
  return value == "true";
}

std::int64_t YamlPlace::number(const YamlNode& node, std::string_view what, std::int64_t least,
                               std::int64_t most) const {
  const std::string_view value = text(node, what);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || number < least || number > most)
    refuse(node, fmt::format("{} must be a whole number from {} to {}", what, least, most));
  return number;
}

std::size_t YamlPlace::choice(const YamlNode& node, std::string_view what,
                              std::span<const std::string_view> known) const {
  const std::string_view value = text(node, what);
  const auto found = std::ranges::find(known, value);
  if (found == known.end())
    refuse(node, fmt::format("{} '{}' is not known; use one of: {}", what, value, fmt::join(known, ", ")));
  return static_cast<std::size_t>(found - known.begin());
}

YamlFields::YamlFields(const YamlPlace& place, const YamlNode& node, std::string_view what,
                       std::initializer_list<std::string_view> known)
    : place_(place), node_(node), what_(what) {
  if (node.kind() != Kind::mapping) place.refuse(node, fmt::format("{} must be a mapping (key: value)", what));
  for (const auto& entry : node.entries())
    if (std::ranges::find(known, entry.key.text()) == known.end())
      place.refuse(entry.key, fmt::format("unknown key '{}' in {}; known are: {}", entry.key.text(), what,
                                          fmt::join(known, ", ")));
}

std::optional<YamlNode> YamlFields::find(std::string_view key) const {
  for (const auto& [name, value] : node_.entries())
    if (name.text() == key) return value;
  return std::nullopt;
}

YamlNode YamlFields::require(std::string_view key) const {
  if (const auto value = find(key)) return *value;
  place_.refuse(node_, fmt::format("{} lacks '{}'; add it", what_, key));
}

}  // namespace causeway
