// SPDX-License-Identifier: MIT
// Where tests find what they need beside their own code.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace causeway::testing {

// The root of the source tree.
std::filesystem::path source_directory();

// The program under test.
std::string program();

// The `src` folder of the data made by X-Road: in the folder that CAUSEWAY_XROAD_VECTORS
// names, else in shared/vectors beside the source tree; nothing where there is none.
std::optional<std::filesystem::path> xroad_vectors();

}  // namespace causeway::testing
