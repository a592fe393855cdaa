// SPDX-License-Identifier: MIT
#include "admin/sessions.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace causeway::admin {
namespace {

using namespace std::chrono_literals;

const Sessions::Clock::time_point kStart{1000h};

TEST(Sessions, AreFoundUntilTheyEnd) {
  Sessions sessions;
  const Session one = sessions.begin("ada", {"XROAD_SECURITY_OFFICER"}, kStart);
  const Session other = sessions.begin("ada", {}, kStart);
  EXPECT_NE(one.id, other.id);
  EXPECT_NE(one.csrf_token, other.csrf_token);
  EXPECT_GE(one.id.size(), 32U);
  const auto found = sessions.find(one.id, kStart + 1min);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, "ada");
  EXPECT_EQ(found->roles, Names{"XROAD_SECURITY_OFFICER"});
  EXPECT_EQ(found->csrf_token, one.csrf_token);
  sessions.end(one.id);
  EXPECT_FALSE(sessions.find(one.id, kStart + 1min));
  EXPECT_TRUE(sessions.find(other.id, kStart + 1min));
  EXPECT_FALSE(sessions.find("", kStart));
}

TEST(Sessions, EndWhenNobodyUsesThem) {
  Sessions sessions;
  const Session session = sessions.begin("ada", {}, kStart);
  EXPECT_TRUE(sessions.find(session.id, kStart + 29min));
  EXPECT_TRUE(sessions.find(session.id, kStart + 58min)) << "it was used at 29 minutes";
  EXPECT_TRUE(sessions.find(session.id, kStart + 87min, false));
  EXPECT_FALSE(sessions.find(session.id, kStart + 89min)) << "notifications prolong nothing";
  EXPECT_FALSE(sessions.find(session.id, kStart + 59min)) << "what ended does not come back";
}

TEST(Sessions, OneTooManyPushesOutTheOneIdleLongest) {
  Sessions sessions;
  std::vector<Session> all;
  for (std::size_t i = 0; i < Sessions::kMost; ++i)
    all.push_back(sessions.begin("ada", {}, kStart + std::chrono::seconds(i)));
  const auto later = kStart + 17min;
  EXPECT_TRUE(sessions.find(all.front().id, later));
  sessions.begin("bob", {}, later);
  EXPECT_TRUE(sessions.find(all.front().id, later));
  EXPECT_FALSE(sessions.find(all[1].id, later));
  EXPECT_TRUE(sessions.find(all[2].id, later));
}

}  // namespace
}  // namespace causeway::admin
