// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/service_breaker.hpp"

#include <gtest/gtest.h>

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;
using List = std::vector<std::string>;

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");
const Fault kFault{"mlog.timestamp_request_timed_out", "late"};

TEST(ServiceBreaker, LetsServicesThatFailedRestBehindTheOthers) {
  ServiceBreaker breaker;
  const List urls{"a", "b", "c"};
  EXPECT_EQ(breaker.ordered(urls, kNoon), urls);
  breaker.failed("a", kFault, kNoon);
  EXPECT_EQ(breaker.ordered(urls, kNoon + 1s), (List{"b", "c", "a"}));
  EXPECT_EQ(breaker.ordered(urls, kNoon + 1h), urls);
}

TEST(ServiceBreaker, AsksTheOneThatRestedMostWhenAllRest) {
  ServiceBreaker breaker;
  breaker.failed("a", kFault, kNoon + 3s);
  breaker.failed("b", kFault, kNoon);
  EXPECT_EQ(breaker.ordered({"a", "b"}, kNoon + 4s), (List{"b", "a"}));
}

TEST(ServiceBreaker, RestsLongerEachTimeUpToALimitUntilASuccess) {
  ServiceBreaker breaker;
  const auto rest = [&] {
    breaker.failed("a", kFault, kNoon);
    return *breaker.states({"a"})[0].resting_until - kNoon;
  };
  const auto first = rest(), second = rest();
  EXPECT_EQ(second, first * 2);
  for (int i = 0; i < 50; ++i) rest();
  EXPECT_EQ(rest(), 10min);
  breaker.succeeded("a", kNoon + 1s);
  EXPECT_EQ(rest(), first);
}

TEST(ServiceBreaker, TellsHowEachServiceFared) {
  ServiceBreaker breaker;
  breaker.failed("a", kFault, kNoon);
  breaker.succeeded("b", kNoon);
  const auto states = breaker.states({"b", "a", "unknown"});
  EXPECT_EQ(states[0].last_success, kNoon);
  EXPECT_FALSE(states[0].fault);
  EXPECT_EQ(states[1].last_failure, kNoon);
  EXPECT_EQ(states[1].fault->text, "late");
  EXPECT_EQ(states[2].url, "unknown");
  EXPECT_FALSE(states[2].fault || states[2].last_success || states[2].resting_until);
  breaker.succeeded("a", kNoon + 1s);
  EXPECT_FALSE(breaker.states({"a"})[0].fault);
  EXPECT_EQ(breaker.states({"a"})[0].last_failure, kNoon);
}

}  // namespace
}  // namespace causeway::securityserver
