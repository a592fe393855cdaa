// SPDX-License-Identifier: MIT
#include "securityserver/archiving/cron_expression.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace causeway::securityserver {
namespace {

class CronExpressionTest : public ::testing::Test {
 protected:
  void SetUp() override { zone("UTC"); }
  void TearDown() override {
    ::unsetenv("TZ");
    ::tzset();
  }
  static void zone(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  // The first `count` times behind that moment, in ISO form.
  static std::vector<std::string> times(const char* expression, const char* after, int count = 1) {
    const auto parsed = CronExpression::parse(expression);
    EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().text);
    std::vector<std::string> found;
    auto at = std::optional(*parse_iso(after));
    for (int i = 0; parsed && i < count; ++i) {
      at = parsed->next(*at);
      if (!at) break;
      found.push_back(to_iso_seconds(*at));
    }
    return found;
  }
  using Times = std::vector<std::string>;
};

TEST_F(CronExpressionTest, KnowsTheDefaultsOfXRoad) {
  EXPECT_EQ(times("0 0 0/6 1/1 * ? *", "2026-03-01T05:59:59Z", 3),
            (Times{"2026-03-01T06:00:00Z", "2026-03-01T12:00:00Z", "2026-03-01T18:00:00Z"}));
  EXPECT_EQ(times("0 0 0/12 1/1 * ? *", "2026-12-31T12:00:00Z", 1), (Times{"2027-01-01T00:00:00Z"}));
  EXPECT_EQ(times("0 0 3/6 1/1 * ? *", "2026-03-01T04:00:00Z", 2),
            (Times{"2026-03-01T09:00:00Z", "2026-03-01T15:00:00Z"}));
}

TEST_F(CronExpressionTest, NeverGivesTheMomentItWasAskedBehind) {
  EXPECT_EQ(times("* * * * * ?", "2026-03-01T00:00:00Z", 2), (Times{"2026-03-01T00:00:01Z", "2026-03-01T00:00:02Z"}));
  EXPECT_EQ(times("30 15 10 ? * *", "2026-03-01T10:15:30Z"), (Times{"2026-03-02T10:15:30Z"}));
}

TEST_F(CronExpressionTest, ReadsListsRangesStepsAndNames) {
  EXPECT_EQ(times("0 0,30 8-9 ? * *", "2026-03-01T08:10:00Z", 4),
            (Times{"2026-03-01T08:30:00Z", "2026-03-01T09:00:00Z", "2026-03-01T09:30:00Z", "2026-03-02T08:00:00Z"}));
  EXPECT_EQ(times("0 0 8-17/4 ? * mon-fri", "2026-02-27T16:00:01Z", 3),
            (Times{"2026-03-02T08:00:00Z", "2026-03-02T12:00:00Z", "2026-03-02T16:00:00Z"}));
  EXPECT_EQ(times("0 0 0 ? * FRI-MON", "2026-03-02T00:00:00Z", 2),
            (Times{"2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z"}));
  EXPECT_EQ(times("0 0 0 1 JAN,JUL ?", "2026-03-01T00:00:00Z", 2),
            (Times{"2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z"}));
  EXPECT_EQ(times("0 */20 0 ? * 1", "2026-03-01T00:00:00Z", 1), (Times{"2026-03-01T00:20:00Z"})) << "1 is Sunday";
}

TEST_F(CronExpressionTest, KnowsTheSpecialDays) {
  EXPECT_EQ(times("0 0 0 L * ?", "2028-02-01T00:00:00Z", 2), (Times{"2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z"}));
  EXPECT_EQ(times("0 0 0 L-3 * ?", "2026-02-01T00:00:00Z", 1), (Times{"2026-02-25T00:00:00Z"}));
  EXPECT_EQ(times("0 0 0 15W * ?", "2026-02-01T00:00:00Z", 1), (Times{"2026-02-16T00:00:00Z"})) << "15 is a Sunday";
  EXPECT_EQ(times("0 0 0 1W * ?", "2026-07-31T00:00:00Z", 1), (Times{"2026-08-03T00:00:00Z"})) << "1 is a Saturday";
  EXPECT_EQ(times("0 0 0 LW * ?", "2026-01-01T00:00:00Z", 1), (Times{"2026-01-30T00:00:00Z"}));
  EXPECT_EQ(times("0 0 0 ? * 6L", "2026-03-01T00:00:00Z", 1), (Times{"2026-03-27T00:00:00Z"}));
  EXPECT_EQ(times("0 0 0 ? * MON#2", "2026-03-01T00:00:00Z", 1), (Times{"2026-03-09T00:00:00Z"}));
  EXPECT_EQ(times("0 0 0 29 2 ?", "2026-03-01T00:00:00Z", 1), (Times{"2028-02-29T00:00:00Z"}));
}

TEST_F(CronExpressionTest, EndsWithItsYears) {
  EXPECT_EQ(times("0 0 0 1 1 ? 2027-2028", "2026-03-01T00:00:00Z", 5),
            (Times{"2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"}));
  EXPECT_EQ(times("0 0 0 30 2 ?", "2026-03-01T00:00:00Z"), Times{});
}

TEST_F(CronExpressionTest, GoesByTheClockOnTheWall) {
  zone("Europe/Tallinn");
  EXPECT_EQ(times("0 0 6 ? * *", "2026-03-27T12:00:00Z", 3),
            (Times{"2026-03-28T04:00:00Z", "2026-03-29T03:00:00Z", "2026-03-30T03:00:00Z"}));
  EXPECT_EQ(times("0 30 3 ? * *", "2026-03-28T12:00:00Z", 1), (Times{"2026-03-30T00:30:00Z"}))
      << "half past three does not exist on the 29th";
}

TEST_F(CronExpressionTest, SaysWhatItDoesNotUnderstand) {
  for (const char* wrong : {"", "0 0 0", "0 0 0 * *", "60 0 0 ? * *", "0 0 24 ? * *", "0 0 0 32 * ?", "0 0 0 ? 13 *",
                            "0 0 0 ? * 8", "0 0 0 ? * XYZ", "0 0/0 0 ? * *", "a 0 0 ? * *", "0 0 0 ? * * 1900",
                            "0 0 0 ? * MON#6", "0 0 0 L-x * ?", "0 -1 0 ? * *", "0 0 0 ? * * * *", ", 0 0 ? * *"})
    EXPECT_EQ(CronExpression::parse(wrong).error().code, "malformed_server_conf") << wrong;
}

}  // namespace
}  // namespace causeway::securityserver
