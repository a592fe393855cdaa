// SPDX-License-Identifier: MIT
#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace causeway {
namespace {

TEST(Utf8, TakesEveryLength) {
  for (const char* good : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "a\xc3\xa4\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "Ülle \xe2\x82\xac"})
    EXPECT_TRUE(is_utf8(good)) << good;
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(Utf8, PutsLettersInLowerCase) {
  EXPECT_EQ(lower_case("ABC Öß ЖЁ ΑΩ Ǆ 𐐀 a1"), "abc öß жё αω ǆ 𐐨 a1");
  EXPECT_EQ(lower_case(""), "");
}

TEST(Utf8, CountsAsUtf16) {
  EXPECT_EQ(utf16_length(""), 0U);
  EXPECT_EQ(utf16_length("a\xc3\xa4\xe2\x82\xac"), 3U);
  EXPECT_EQ(utf16_length("\xf0\x9f\x98\x80"), 2U);
}

TEST(Utf8, RefusesWhatIsNone) {
  for (const char* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xc2", "\xe2\x82", "\xf0\x90\x80", "\xe2\x82z"})
    EXPECT_FALSE(is_utf8(bad));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80")) << "a surrogate";
}

}  // namespace
}  // namespace causeway
