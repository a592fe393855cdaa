// SPDX-License-Identifier: MIT
// System parameters by X-Road's names ("proxy.client-http-port"), from INI files in
// X-Road's layering: conf.d/*.ini in the order of their names, then conf.d/local.ini.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace causeway {

class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  // `directory` is the folder that holds the *.ini files; absent means all defaults.
  static Result<Parameters> load(const std::filesystem::path& directory);

  // A value that is set but cannot be read as the type asked for is logged once
  // at load by its user and counts as not set.
  std::string text(std::string_view name, std::string_view otherwise) const;
  std::int64_t number(std::string_view name, std::int64_t otherwise) const;
  // "true" and "false", any case.
  bool flag(std::string_view name, bool otherwise) const;
  std::chrono::milliseconds millis(std::string_view name, std::chrono::milliseconds otherwise) const;
  std::chrono::seconds seconds(std::string_view name, std::chrono::seconds otherwise) const;
  // malformed_configuration for what is none from 1 to 65535.
  Result<std::uint16_t> port(std::string_view name, std::uint16_t otherwise) const;

 private:
  const std::string* find(std::string_view name) const;

  std::map<std::string, std::string> values_;
};

// For a value that an administrator has to mend.
inline Fault malformed_configuration(std::string text) { return Fault{"malformed_configuration", std::move(text)}; }
// Of a parameter; `expected` says what it has to be.
Fault malformed_parameter(std::string_view name, std::string_view value, std::string_view expected);

}  // namespace causeway
