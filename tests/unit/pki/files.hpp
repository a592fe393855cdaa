// SPDX-License-Identifier: MIT
// Where the tests of this folder find their data.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/files.hpp"

namespace causeway::pki {

inline std::string data_file(std::string_view name) {
  auto content = read_file(std::filesystem::path(CAUSEWAY_SOURCE_DIR) / "tests/data/pki" / name);
  return content ? *std::move(content) : std::string();
}

// The folder of X-Road's own test data, where there is one.
inline std::optional<std::filesystem::path> vectors() {
  const char* folder = std::getenv("CAUSEWAY_XROAD_VECTORS");
  const std::filesystem::path path =
      folder ? std::filesystem::path(folder) : std::filesystem::path(CAUSEWAY_SOURCE_DIR) / ".." / "shared" / "vectors";
  if (std::filesystem::exists(path / "src")) return path / "src";
  return std::nullopt;
}

}  // namespace causeway::pki
