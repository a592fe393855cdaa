// SPDX-License-Identifier: MIT
// Dumps of registries: whatever they say, a registry is made or nothing is changed.
#include <sstream>

#include "centralserver/backup/registry_dump.hpp"
#include "store/sqlite.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  static const auto database = *store::open_sqlite(":memory:");
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  const auto loaded = centralserver::load_registry(*database, [&in]() -> Result<std::optional<std::string>> {
    std::string line;
    if (!std::getline(in, line)) return std::optional<std::string>();
    return std::optional(line);
  });
  if (!loaded && !loaded.error().code.starts_with("invalid_archive")) __builtin_trap();
  return 0;
}
