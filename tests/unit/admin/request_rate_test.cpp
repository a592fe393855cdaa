// SPDX-License-Identifier: MIT
#include "admin/request_rate.hpp"

#include <gtest/gtest.h>

namespace causeway::admin {
namespace {

using namespace std::chrono_literals;

const RequestRate::Clock::time_point kStart{1000h};

int admitted(RequestRate& rate, const std::string& from, int asked, RequestRate::Clock::time_point at) {
  int count = 0;
  for (int i = 0; i < asked; ++i) count += rate.admit(from, at) ? 1 : 0;
  return count;
}

TEST(RequestRate, LimitsEachAddressByItself) {
  RequestRate rate({});
  EXPECT_EQ(admitted(rate, "10.0.0.1", 50, kStart), 20);
  EXPECT_EQ(admitted(rate, "10.0.0.2", 50, kStart), 20);
  EXPECT_EQ(admitted(rate, "10.0.0.1", 50, kStart + 100ms), 2) << "it fills evenly";
  EXPECT_EQ(admitted(rate, "10.0.0.1", 50, kStart + 10s), 20) << "and not beyond a second's";
}

TEST(RequestRate, LimitsTheMinuteToo) {
  RequestRate rate({});
  int count = 0;
  for (int second = 0; second < 60; ++second) count += admitted(rate, "::1", 30, kStart + second * 1s);
  EXPECT_GE(count, 1180);  // 600 at once, and 590 that filled meanwhile
  EXPECT_LE(count, 1200);
}

TEST(RequestRate, ZeroIsNoLimit) {
  RequestRate rate({.per_second = 0, .per_minute = 0});
  EXPECT_EQ(admitted(rate, "10.0.0.1", 5000, kStart), 5000);
}

TEST(RequestRate, RemembersTheLatestAddressesOnly) {
  RequestRate rate({.per_second = 1, .per_minute = 0, .addresses = 2});
  EXPECT_TRUE(rate.admit("a", kStart));
  EXPECT_TRUE(rate.admit("b", kStart));
  EXPECT_FALSE(rate.admit("a", kStart));
  EXPECT_TRUE(rate.admit("c", kStart));
  EXPECT_FALSE(rate.admit("a", kStart)) << "asked after b";
  EXPECT_TRUE(rate.admit("b", kStart)) << "was forgotten";
}

TEST(RequestRate, ForgetsWhoDidNotAskForLong) {
  RequestRate rate({.per_second = 0, .per_minute = 1});
  EXPECT_TRUE(rate.admit("a", kStart));
  EXPECT_FALSE(rate.admit("a", kStart + 10s));
  EXPECT_TRUE(rate.admit("b", kStart + 6min));
  EXPECT_TRUE(rate.admit("a", kStart + 6min));
}

}  // namespace
}  // namespace causeway::admin
