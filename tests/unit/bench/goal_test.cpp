// SPDX-License-Identifier: MIT
#include "bench/goal.hpp"

#include <gtest/gtest.h>

namespace causeway::bench {
namespace {

Goal ratio(std::vector<double> rounds) {
  return {.number = "1",
          .measure = "a ratio",
          .unit = "",
          .must = 0.35,
          .goal = 0.6,
          .better = Better::more,
          .rounds = std::move(rounds)};
}

TEST(Goal, IsJudgedByTheMedian) {
  EXPECT_EQ(ratio({0.1, 0.7, 0.8}).verdict(), Verdict::goal);
  EXPECT_EQ(ratio({0.4, 0.5, 0.9}).verdict(), Verdict::must);
  EXPECT_EQ(ratio({0.3, 0.2, 0.9}).verdict(), Verdict::missed);
  EXPECT_EQ(ratio({}).verdict(), Verdict::missed);
}

TEST(Goal, TheWorstRoundIsTheSmallestOfWhatShouldBeMuch) { EXPECT_EQ(ratio({0.4, 0.2, 0.9}).worst(), 0.2); }

TEST(Goal, WhatShouldBeLittleIsJudgedTheOtherWay) {
  Goal goal{.number = "6",
            .measure = "a time",
            .unit = "ms",
            .must = 2.5,
            .goal = 1.1,
            .better = Better::less,
            .rounds = {1.0, 1.2, 4.0}};
  EXPECT_EQ(goal.verdict(), Verdict::must);
  EXPECT_EQ(goal.worst(), 4.0);
  goal.rounds = {0.9, 1.1, 1.2};
  EXPECT_EQ(goal.verdict(), Verdict::goal);
}

TEST(Goal, TheMedianOfAnEvenNumberLiesBetween) { EXPECT_EQ(median_of({4, 1, 3, 2}), 2.5); }

}  // namespace
}  // namespace causeway::bench
