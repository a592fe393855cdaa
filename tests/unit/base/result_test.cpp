// SPDX-License-Identifier: MIT
#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace causeway {
namespace {

Result<std::vector<std::string>> words() {
  return std::vector<std::string>{"long enough to lie on the heap, one", "long enough to lie on the heap, two"};
}

TEST(Result, TheValueOfATemporaryLivesAsLongAsItsReference) {
  std::string all;
  for (const std::string& word : *words()) all += word.back();
  EXPECT_EQ(all, "eo");
  const auto& kept = *words();
  EXPECT_EQ(kept.size(), 2U);
}

TEST(Result, AValueIsMovedOut) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> value = *std::move(result);
  EXPECT_EQ(*value, 7);
}

TEST(Result, IsAFaultOrAValue) {
  const Result<int> fault = Fault{"some_code", "some text"};
  EXPECT_FALSE(fault);
  EXPECT_EQ(fault.error().code, "some_code");
  EXPECT_TRUE(Result<int>(1).ok());
}

}  // namespace
}  // namespace causeway
