// SPDX-License-Identifier: MIT
#include "base/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/files.hpp"
#include "base/ini.hpp"
#include "base/log.hpp"

namespace causeway {
namespace {

constexpr std::size_t kIniLimit = 1 << 20;
constexpr std::int64_t kHighestPort = 65535;

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

}  // namespace

Result<Parameters> Parameters::load(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (entry.path().extension() == ".ini") files.push_back(entry.path());
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
    const bool a_is_local = a.filename() == "local.ini";
    const bool b_is_local = b.filename() == "local.ini";
    return a_is_local != b_is_local ? b_is_local : a.filename() < b.filename();
  });
  std::map<std::string, std::string> values;
  for (const auto& file : files) {
    auto text = read_file(file, kIniLimit);
    if (!text) return text.error();
    auto parsed = parse_ini(*text);
    if (!parsed) return parsed.error().while_doing(file.string());
    for (auto& [key, value] : *parsed) values[key] = std::move(value);
  }
  return Parameters(std::move(values));
}

const std::string* Parameters::find(std::string_view name) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? nullptr : &found->second;
}

std::string Parameters::text(std::string_view name, std::string_view otherwise) const {
  const std::string* value = find(name);
  return value ? *value : std::string(otherwise);
}

std::int64_t Parameters::number(std::string_view name, std::int64_t otherwise) const {
  const std::string* value = find(name);
  if (!value) return otherwise;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error == std::errc{} && end == value->data() + value->size()) return number;
  log::warn("parameter {} is not a number: '{}'; using {}", name, *value, otherwise);
  return otherwise;
}

bool Parameters::flag(std::string_view name, bool otherwise) const {
  const std::string* value = find(name);
  if (!value) return otherwise;
  if (equals_ignoring_case(*value, "true")) return true;
  if (equals_ignoring_case(*value, "false")) return false;
  log::warn("parameter {} is neither true nor false: '{}'; using {}", name, *value, otherwise);
  return otherwise;
}

std::chrono::milliseconds Parameters::millis(std::string_view name, std::chrono::milliseconds otherwise) const {
  return std::chrono::milliseconds{number(name, otherwise.count())};
}

std::chrono::seconds Parameters::seconds(std::string_view name, std::chrono::seconds otherwise) const {
  return std::chrono::seconds{number(name, otherwise.count())};
}

Result<std::uint16_t> Parameters::port(std::string_view name, std::uint16_t otherwise) const {
  const std::int64_t port = number(name, otherwise);
  if (port < 1 || port > kHighestPort) return malformed_parameter(name, std::to_string(port), "a port");
  return static_cast<std::uint16_t>(port);
}

Fault malformed_parameter(std::string_view name, std::string_view value, std::string_view expected) {
  return malformed_configuration("the parameter " + std::string(name) + " is '" + std::string(value) + "', not " +
                                 std::string(expected));
}

}  // namespace causeway
