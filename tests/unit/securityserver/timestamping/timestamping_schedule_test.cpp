// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_schedule.hpp"

#include <gtest/gtest.h>

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;

constexpr TimestampingSchedule::Time kStart{1000h};
constexpr std::size_t kLimit = 100;

TEST(TimestampingSchedule, BeginsAfterASecondAndGoesOnByTheInterval) {
  TimestampingSchedule schedule(kStart, 60s, kLimit);
  EXPECT_EQ(schedule.due(), kStart + 1s);
  EXPECT_EQ(schedule.limit(), kLimit);
  schedule.succeeded(kStart + 2s, false, 300s);
  EXPECT_EQ(schedule.due(), kStart + 302s);
}

TEST(TimestampingSchedule, AFullRoundIsFollowedAtOnce) {
  TimestampingSchedule schedule(kStart, 60s, kLimit);
  schedule.succeeded(kStart + 2s, true, 300s);
  EXPECT_EQ(schedule.due(), kStart + 2s);
  EXPECT_EQ(schedule.limit(), kLimit);
}

TEST(TimestampingSchedule, TriesOneRecordAfterAFailureAndThenAllThatWaits) {
  TimestampingSchedule schedule(kStart, 60s, kLimit);
  schedule.failed(kStart + 2s, 300s);
  EXPECT_EQ(schedule.due(), kStart + 62s);
  EXPECT_EQ(schedule.limit(), 1U);
  schedule.failed(kStart + 62s, 300s);
  EXPECT_EQ(schedule.due(), kStart + 122s);
  schedule.succeeded(kStart + 122s, false, 300s);
  EXPECT_EQ(schedule.due(), kStart + 122s);
  EXPECT_EQ(schedule.limit(), kLimit);
  schedule.succeeded(kStart + 123s, false, 300s);
  EXPECT_EQ(schedule.due(), kStart + 423s);
}

TEST(TimestampingSchedule, NeverWaitsLongerForARetryThanForARound) {
  TimestampingSchedule schedule(kStart, 3600s, kLimit);
  schedule.failed(kStart, 300s);
  EXPECT_EQ(schedule.due(), kStart + 300s);
}

TEST(TimestampingSchedule, AWishedRoundTakesAllEvenWhileItFails) {
  TimestampingSchedule schedule(kStart, 60s, kLimit);
  schedule.failed(kStart + 2s, 300s);
  schedule.hasten(kStart + 5s);
  EXPECT_EQ(schedule.due(), kStart + 5s);
  EXPECT_EQ(schedule.limit(), kLimit);
}

TEST(TimestampingSchedule, KeepsTheIntervalBetweenAMinuteAndADay) {
  EXPECT_EQ(timestamping_interval(0s), 60s);
  EXPECT_EQ(timestamping_interval(61s), 61s);
  EXPECT_EQ(timestamping_interval(240h), 24h);
}

}  // namespace
}  // namespace causeway::securityserver
