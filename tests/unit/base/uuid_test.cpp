// SPDX-License-Identifier: MIT
#include "base/uuid.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace causeway {
namespace {

TEST(Uuid, IsRandomOfVersionFour) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = random_uuid();
    EXPECT_TRUE(std::regex_match(uuid, form)) << uuid;
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(RandomLetters, AreLettersOfBothCases) {
  const std::string letters = random_letters(5000);
  EXPECT_EQ(letters.size(), 5000U);
  EXPECT_TRUE(std::regex_match(letters, std::regex("[A-Za-z]*")));
  EXPECT_EQ(std::set<char>(letters.begin(), letters.end()).size(), 52U);
  EXPECT_EQ(random_letters(0), "");
}

}  // namespace
}  // namespace causeway
