// SPDX-License-Identifier: MIT
#include "base/memory_budget.hpp"

#include <gtest/gtest.h>

namespace causeway {
namespace {

constexpr std::size_t kMegabyte = 1UL << 20;

TEST(MemoryBudget, SmallMessagesCostNothing) {
  MemoryBudget none(0);
  MemoryBudget::Share message(none);
  EXPECT_TRUE(message.hold(1));
  EXPECT_TRUE(message.hold(MemoryBudget::kFree));
  EXPECT_FALSE(message.hold(MemoryBudget::kFree + 1));
}

TEST(MemoryBudget, LargeOnesShareIt) {
  MemoryBudget budget(10 * kMegabyte);
  MemoryBudget::Share first(budget);
  EXPECT_TRUE(first.hold(6 * kMegabyte));
  MemoryBudget::Share second(budget);
  EXPECT_TRUE(second.hold(3 * kMegabyte));
  EXPECT_FALSE(second.hold(6 * kMegabyte));
  EXPECT_TRUE(second.hold(3 * kMegabyte)) << "what it has it keeps";
  EXPECT_FALSE(first.hold(9 * kMegabyte));
}

TEST(MemoryBudget, IsGivenBack) {
  MemoryBudget budget(10 * kMegabyte);
  for (int i = 0; i < 5; ++i) {
    MemoryBudget::Share message(budget);
    for (std::size_t size = 0; size <= 9 * kMegabyte; size += 65536) EXPECT_TRUE(message.hold(size));
  }
}

}  // namespace
}  // namespace causeway
