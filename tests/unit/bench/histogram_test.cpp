// SPDX-License-Identifier: MIT
#include "bench/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace causeway::bench {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, SmallValuesAreToldExactly) {
  Histogram histogram;
  for (int value = 1; value <= 200; ++value) histogram.add(nanoseconds(value));
  EXPECT_EQ(histogram.percentile(50), nanoseconds(100));
  EXPECT_EQ(histogram.percentile(99), nanoseconds(198));
  EXPECT_EQ(histogram.percentile(100), nanoseconds(200));
  EXPECT_EQ(histogram.percentile(0), nanoseconds(1));
}

TEST(Histogram, PercentilesOfAnySizeAreWithinFourThousandths) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> sizes(14, 3);
  std::vector<std::int64_t> values;
  Histogram histogram;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::int64_t>(std::min(sizes(random), 7e12)));
    histogram.add(nanoseconds(values.back()));
  }
  std::ranges::sort(values);
  for (const double percent : {0.5, 10.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto index = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(values.size()))) - 1;
    const auto exact = static_cast<double>(values[index]);
    EXPECT_NEAR(static_cast<double>(histogram.percentile(percent).count()), exact, exact * 0.004 + 1) << percent;
  }
}

TEST(Histogram, AnEmptyOneTellsZero) {
  EXPECT_EQ(Histogram().percentile(50), nanoseconds(0));
  EXPECT_EQ(Histogram().count(), 0U);
}

TEST(Histogram, MergedOnesCountTogether) {
  Histogram one, other;
  one.add(nanoseconds(10));
  other.add(nanoseconds(30));
  other.add(nanoseconds(20));
  one.merge(other);
  EXPECT_EQ(one.count(), 3U);
  EXPECT_EQ(one.percentile(50), nanoseconds(20));
}

TEST(Histogram, WhatIsTooLongCountsAsTheLongest) {
  Histogram histogram;
  histogram.add(std::chrono::hours(1000));
  EXPECT_GT(histogram.percentile(50), std::chrono::hours(1));
}

}  // namespace
}  // namespace causeway::bench
