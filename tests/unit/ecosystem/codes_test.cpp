// SPDX-License-Identifier: MIT
#include "ecosystem/registers/codes.hpp"

#include <gtest/gtest.h>

#include "ecosystem/registers/names.hpp"

namespace causeway::ecosystem {
namespace {

TEST(Codes, KnowThePublishedExamples) {
  EXPECT_TRUE(is_personal_code(Country::estonia, "37605030299"));  // on the Estonian specimen card
  EXPECT_FALSE(is_personal_code(Country::estonia, "37605030298"));
  EXPECT_TRUE(is_personal_code(Country::finland, "131052-308T"));  // on the Finnish specimen card
  EXPECT_FALSE(is_personal_code(Country::finland, "131052-308U"));
  EXPECT_TRUE(is_registry_code(Country::finland, "1572860-0"));
  EXPECT_FALSE(is_registry_code(Country::finland, "1572860-1"));
  EXPECT_TRUE(is_registry_code(Country::estonia, "10137025"));
  EXPECT_FALSE(is_registry_code(Country::estonia, "10137026"));
}

TEST(Codes, RefuseWhatIsNoCode) {
  for (const Country country : {Country::estonia, Country::finland}) {
    for (const char* text : {"", "3", "37613030299", "37602300299", "abcdefghijk", "131352-308T", "131052*308T"}) {
      EXPECT_FALSE(is_personal_code(country, text)) << text;
      EXPECT_FALSE(is_registry_code(country, text)) << text;
    }
  }
}

TEST(Codes, AreValidForEveryDay) {
  for (const Country country : {Country::estonia, Country::finland}) {
    for (int day = 0; day < 126 * 365; day += 97) {
      for (const Sex sex : {Sex::male, Sex::female}) {
        const int serial = day % personal_codes_per_day(country);
        const std::string code = personal_code(country, date_from_days(day), sex, serial);
        EXPECT_TRUE(is_personal_code(country, code)) << code;
      }
    }
    for (int number = 0; number < 200; ++number) {
      const auto code = registry_code(country, number);
      EXPECT_TRUE(!code || is_registry_code(country, *code)) << *code;
    }
  }
}

TEST(Codes, DaysAndDatesAgree) {
  EXPECT_EQ(date_from_days(0).iso(), "1900-01-01");
  EXPECT_EQ(date_from_days(days_from_date({2000, 2, 29})).iso(), "2000-02-29");
}

TEST(SearchKey, IgnoresCaseAccentsAndPunctuation) {
  EXPECT_EQ(search_key("Põldmäe"), "poldmae");
  EXPECT_EQ(search_key("ÅKERLUND-Öhman Š"), "akerlundohmans");
  EXPECT_EQ(search_key("\xC3"), "");
}

}  // namespace
}  // namespace causeway::ecosystem
