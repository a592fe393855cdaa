// SPDX-License-Identifier: MIT
// Where the tests of this folder find their data.
#pragma once

#include <string>
#include <string_view>

#include "base/files.hpp"
#include "support/locations.hpp"

namespace causeway::pki {

inline std::string data_file(std::string_view name) {
  auto content = read_file(testing::source_directory() / "tests/data/pki" / name);
  return content ? *std::move(content) : std::string();
}

using testing::xroad_vectors;

}  // namespace causeway::pki
