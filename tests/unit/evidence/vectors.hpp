// SPDX-License-Identifier: MIT
// Where the data files made by X-Road are, if they are here at all.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/files.hpp"
#include "support/locations.hpp"

namespace causeway::evidence {

using testing::xroad_vectors;

inline std::string xroad_vector(const std::string& name) {
  auto text = read_file(*xroad_vectors() / name);
  EXPECT_TRUE(text) << name;
  return text ? *std::move(text) : "";
}

// Tests that need them derive from this.
class XroadVectors : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!xroad_vectors()) GTEST_SKIP() << "no X-Road vectors here";
  }
};

}  // namespace causeway::evidence
