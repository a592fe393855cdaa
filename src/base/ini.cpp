// SPDX-License-Identifier: MIT
#include "base/ini.hpp"

namespace causeway {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Result<std::map<std::string, std::string>> parse_ini(std::string_view text) {
  std::map<std::string, std::string> values;
  std::string section;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == ';' || line.front() == '#') continue;
    if (line.front() == '[' && line.back() == ']') {
      section = trim(line.substr(1, line.size() - 2));
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos)
      return Fault{"malformed_configuration",
                   "line " + std::to_string(number) + " is neither [section] nor key = value"};
    const std::string key(trim(line.substr(0, equals)));
    values[section.empty() ? key : section + "." + key] = trim(line.substr(equals + 1));
  }
  return values;
}

}  // namespace causeway
