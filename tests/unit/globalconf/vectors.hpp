// SPDX-License-Identifier: MIT
// Where the vectors made by X-Road are; empty when there are none.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace causeway {

inline std::filesystem::path vectors() {
  const char* const given = std::getenv("CAUSEWAY_XROAD_VECTORS");
  std::filesystem::path root = given != nullptr ? given : CAUSEWAY_SOURCE_DIR "/../shared/vectors";
  root /= "src";
  std::error_code error;
  return std::filesystem::is_directory(root, error) ? root : std::filesystem::path{};
}

}  // namespace causeway
