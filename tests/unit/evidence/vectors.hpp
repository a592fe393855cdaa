// SPDX-License-Identifier: MIT
// Where the data files made by X-Road are, if they are here at all.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.hpp"

namespace causeway::evidence {

inline std::filesystem::path xroad_vectors() {
  if (const char* given = std::getenv("CAUSEWAY_XROAD_VECTORS")) return given;
  return std::filesystem::path(CAUSEWAY_SOURCE_DIR).parent_path() / "shared" / "vectors";
}

inline std::string xroad_vector(const std::string& name) {
  auto text = read_file(xroad_vectors() / "src" / name);
  EXPECT_TRUE(text) << name;
  return text ? *std::move(text) : "";
}

// Tests that need them derive from this.
class XroadVectors : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(xroad_vectors() / "src")) GTEST_SKIP() << "no X-Road vectors here";
  }
};

}  // namespace causeway::evidence
