// SPDX-License-Identifier: MIT
#include "base/exclusive_lock.hpp"

#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"

namespace causeway {
namespace {

TEST(ExclusiveLock, IsHadByOneUntilItGoes) {
  const testing::TemporaryDirectory directory;
  for (const std::string& path : {directory / "lock", directory / "."}) {
    {
      const auto first = ExclusiveLock::take(path);
      ASSERT_TRUE(first) << first.error().text;
      EXPECT_TRUE(*first);
      const auto second = ExclusiveLock::take(path);
      ASSERT_TRUE(second);
      EXPECT_FALSE(*second);
    }
    EXPECT_TRUE(*ExclusiveLock::take(path)) << path;
  }
}

TEST(ExclusiveLock, SaysWhyItCannotBeHad) {
  const auto none = ExclusiveLock::take("/nowhere/at/all");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "io_error");
  EXPECT_NE(none.error().text.find("/nowhere/at/all"), std::string::npos);
}

}  // namespace
}  // namespace causeway
