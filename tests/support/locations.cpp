// SPDX-License-Identifier: MIT
#include "support/locations.hpp"

#include <cstdlib>

namespace causeway::testing {

std::filesystem::path source_directory() { return CAUSEWAY_SOURCE_DIR; }

std::string program() { return CAUSEWAY_BINARY; }

std::optional<std::filesystem::path> xroad_vectors() {
  const char* given = std::getenv("CAUSEWAY_XROAD_VECTORS");
  const std::filesystem::path root = given ? given : source_directory().parent_path() / "shared" / "vectors";
  std::error_code ignored;
  if (!std::filesystem::is_directory(root / "src", ignored)) return std::nullopt;
  return root / "src";
}

}  // namespace causeway::testing
