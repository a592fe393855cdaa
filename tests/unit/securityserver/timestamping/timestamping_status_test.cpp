// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_status.hpp"

#include <gtest/gtest.h>

#include "securityserver/timestamping/timestamping_settings.hpp"

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

TEST(TimestampingStatus, IsReadAsItWasWritten) {
  TimestampingStatus status{.updated = kNoon,
                            .last_success = kNoon - 1h,
                            .failing_since = kNoon - 30min,
                            .fault = Fault{"timestamping_failed", "why"},
                            .waiting = 17,
                            .next_round = kNoon + 1min,
                            .interval = 60s,
                            .acceptable_failure_period = 4h,
                            .services = {}};
  status.services.push_back({"http://tsa.example", kNoon - 1h, kNoon, Fault{"mlog.x", "late"}, kNoon + 10s});
  status.services.push_back({"http://other.example", {}, {}, {}, {}});
  const auto read = read_timestamping_status(to_json(status));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(to_json(*read), to_json(status));
  EXPECT_EQ(read->failing_since, status.failing_since);
  EXPECT_EQ(read->services[0].fault->text, "late");
  EXPECT_EQ(*read->refused_from(), kNoon + 3h + 30min);
}

TEST(TimestampingStatus, NothingIsRefusedWhileItSucceedsOrWhenFailuresDoNotCount) {
  TimestampingStatus succeeds, accepted;
  succeeds.acceptable_failure_period = 4h;
  accepted.failing_since = kNoon;
  EXPECT_FALSE(succeeds.refused_from());
  EXPECT_FALSE(accepted.refused_from());
}

TEST(TimestampingStatus, RefusesWhatIsNone) {
  for (const char* text : {"", "{", "[]", "{}", "{\"updated\": 1}", "{\"updated\": \"yesterday\"}"})
    EXPECT_EQ(read_timestamping_status(text).error().code, "invalid_message") << text;
}

TEST(TimestampingSettings, AreThoseOfXRoad) {
  const auto usual = TimestampingSettings::from(Parameters());
  EXPECT_EQ(usual.connect_timeout, 20s);
  EXPECT_EQ(usual.read_timeout, 60s);
  EXPECT_EQ(usual.algorithm, pki::DigestAlgorithm::sha512);
  EXPECT_EQ(usual.records_limit, 10'000U);
  EXPECT_EQ(usual.retry_delay, 60s);
  EXPECT_EQ(usual.acceptable_failure_period, 14'400s);
  EXPECT_FALSE(usual.immediately);
  EXPECT_EQ(usual.preference, globalconf::CostPreference::none);
  const auto set =
      TimestampingSettings::from(Parameters({{"message-log.timestamper-client-connect-timeout", "100"},
                                             {"message-log.timestamper-client-read-timeout", "200"},
                                             {"message-log.hash-algo-id", "SHA-256"},
                                             {"message-log.timestamp-records-limit", "5"},
                                             {"message-log.timestamp-retry-delay", "7"},
                                             {"message-log.acceptable-timestamp-failure-period", "0"},
                                             {"message-log.timestamp-immediately", "true"},
                                             {"message-log.timestamping-prioritization-strategy", "FREE_FIRST"}}));
  EXPECT_EQ(set.connect_timeout, 100ms);
  EXPECT_EQ(set.read_timeout, 200ms);
  EXPECT_EQ(set.algorithm, pki::DigestAlgorithm::sha256);
  EXPECT_EQ(set.records_limit, 5U);
  EXPECT_EQ(set.retry_delay, 7s);
  EXPECT_EQ(set.acceptable_failure_period, 0s);
  EXPECT_TRUE(set.immediately);
  EXPECT_EQ(set.preference, globalconf::CostPreference::free_first);
}

TEST(TimestampingSettings, WhatCannotBeUsedCountsAsNotSet) {
  const auto settings = TimestampingSettings::from(Parameters({{"message-log.hash-algo-id", "SHA-1"},
                                                               {"message-log.timestamp-records-limit", "0"},
                                                               {"message-log.timestamp-retry-delay", "-3"}}));
  EXPECT_EQ(settings.algorithm, pki::DigestAlgorithm::sha512);
  EXPECT_EQ(settings.records_limit, 1U);
  EXPECT_EQ(settings.retry_delay, 1s);
}

}  // namespace
}  // namespace causeway::securityserver
