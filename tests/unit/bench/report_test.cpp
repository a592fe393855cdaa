// SPDX-License-Identifier: MIT
#include "bench/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace causeway::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

Report sample() {
  return {
      .machine =
          {.cpu = "a CPU", .cores = 2, .kernel = "Linux 6", .openssl = "OpenSSL 3", .nginx = "nginx/1", .memory_gb = 8},
      .conditions = "5 rounds",
      .goals = {{.number = "14",
                 .measure = "CPU seconds",
                 .unit = "s",
                 .must = 0.3,
                 .goal = 0.1,
                 .better = Better::less,
                 .rounds = {0.2, 0.25, 0.4}}},
      .tables = {{.title = "Throughput",
                  .columns = {"measure", "requests/s"},
                  .rows = {{std::string("direct"), 16571.0}, {std::string("signed"), 445.25}}}},
      .failures = {}};
}

TEST(Report, TheTextHasMachineTablesAndVerdicts) {
  const std::string text = to_text(sample());
  EXPECT_THAT(text, HasSubstr("2 cores, a CPU, 8 GB; Linux 6; OpenSSL 3; nginx/1"));
  EXPECT_THAT(text, HasSubstr("  measure  requests/s\n  direct        16571\n  signed          445\n"));
  EXPECT_THAT(text, HasSubstr("must met"));
  EXPECT_THAT(text, Not(HasSubstr("FAILED")));
}

TEST(Report, FailedRequestsAreTold) {
  Report report = sample();
  report.failures.push_back("3 of 5 requests failed");
  EXPECT_THAT(to_text(report), HasSubstr("FAILED: 3 of 5 requests failed"));
}

TEST(Report, TheJsonHasEveryRound) {
  const auto whole = boost::json::parse(to_json(sample()));
  const auto& goal = whole.at("goals").at(0);
  EXPECT_EQ(goal.at("number"), "14");
  EXPECT_EQ(goal.at("verdict"), "must met");
  EXPECT_EQ(goal.at("rounds").as_array().size(), 3U);
  EXPECT_EQ(goal.at("worst").as_double(), 0.4);
  EXPECT_EQ(whole.at("tables").at(0).at("rows").at(1).at("requests/s").as_double(), 445.25);
  EXPECT_EQ(whole.at("machine").at("cores"), 2);
}

TEST(Report, NumbersHaveThreeDigits) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(0.0612), "0.061");
  EXPECT_EQ(number_text(2.345), "2.35");
  EXPECT_EQ(number_text(67.25), "67.2");
  EXPECT_EQ(number_text(33758.4), "33758");
}

}  // namespace
}  // namespace causeway::bench
