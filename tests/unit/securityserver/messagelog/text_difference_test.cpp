// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/text_difference.hpp"

#include <gtest/gtest.h>

#include <random>

namespace causeway::securityserver {
namespace {

TEST(TextDifference, GivesTheTextBack) {
  std::minstd_rand random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string base(random() % 3000 + 1, 'x');
    for (char& c : base) c = static_cast<char>('a' + random() % 3);
    std::string text = base;
    for (std::size_t i = random() % 20; i > 0; --i)
      text[random() % text.size()] = static_cast<char>('A' + random() % 3);
    const auto difference = encode_difference(base, text);
    if (!difference) continue;
    EXPECT_LT(difference->size(), std::max<std::size_t>(text.size(), 1));
    EXPECT_EQ(apply_difference(base, *difference), text);
  }
}

TEST(TextDifference, OfTheSameTextIsEmpty) {
  EXPECT_EQ(encode_difference("text", "text"), Bytes());
  EXPECT_EQ(apply_difference("text", {}), "text");
}

TEST(TextDifference, IsOnlyForTextsThatAreMuchAlike) {
  EXPECT_EQ(encode_difference(std::string(100, 'a'), std::string(101, 'a')), std::nullopt);
  EXPECT_EQ(encode_difference(std::string(100, 'a'), std::string(100, 'b')), std::nullopt);
  EXPECT_EQ(encode_difference("ab", "ac"), std::nullopt);
}

TEST(TextDifference, OfDamageIsNone) {
  const std::string base(1000, 'a');
  std::string text = base;
  text[500] = 'b';
  const Bytes good = *encode_difference(base, text);
  for (std::size_t size = 1; size < good.size(); ++size)
    EXPECT_EQ(apply_difference(base, ByteView(good).first(size)), std::nullopt) << size;
  for (const std::size_t at : {1U, 2U, 3U, 5U, 6U, 7U}) {
    Bytes bad = good;
    bad[at] = 0xff;
    EXPECT_EQ(apply_difference(base, bad), std::nullopt) << at;
  }
  EXPECT_EQ(apply_difference("short", good), std::nullopt);
}

}  // namespace
}  // namespace causeway::securityserver
