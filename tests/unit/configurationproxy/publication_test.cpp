// SPDX-License-Identifier: MIT
#include "configurationproxy/publication.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::configurationproxy {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

std::string directory(TimePoint expires, const std::string& generation = "1") {
  return "--a\r\nExpire-date: " + to_iso_seconds(expires) + "\r\n\r\nContent-location: /PROXY1/" + generation +
         "/DEV/x\r\n";
}

class Published : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(publication.replace_directory(6, directory(kNoon))); }
  void put(const std::string& name, TimePoint at) const {
    ASSERT_TRUE(make_directories(publication.folder() / name));
    publication.touch_generation(name, at);
  }
  bool there(const std::string& name) const { return fs::exists(publication.folder() / name); }

  const testing::TemporaryDirectory root;
  const Publication publication{root.path() / "PROXY1"};
};

TEST_F(Published, IsServedByVersionWhileItIsValid) {
  const auto served = [&](const char* path, const char* query, TimePoint at) {
    return served_file(root.path(), path, query, at);
  };
  EXPECT_EQ(served("/PROXY1/conf", "version=6", kNoon - 1s), "PROXY1/conf-v6");
  EXPECT_EQ(served("/PROXY1/conf", "version=6", kNoon), "");
  EXPECT_EQ(served("/PROXY1/conf", "version=5", kNoon - 1s), "");
  ASSERT_TRUE(publication.replace_directory(2, directory(kNoon)));
  EXPECT_EQ(served("/PROXY1/conf", "", kNoon - 1s), "PROXY1/conf-v2");
  EXPECT_EQ(served("/PROXY1/123/DEV/V6/1/shared-params.xml", "", kNoon), "PROXY1/123/DEV/V6/1/shared-params.xml");
}

TEST_F(Published, NothingElseIsServed) {
  for (const char* path : {"/", "/conf", "/PROXY1", "/PROXY1/", "/PROXY1/conf-v6", "/PROXY1/conf-v6.tmp1-1",
                           "/PROXY1/.123/DEV/x", "/.x/123/DEV/x", "/PROXY1/123", "/PROXY1/other/x",
                           "/PROXY1/123/../../secret", "/PROXY1/123/DEV/x.tmp1-2", "/PROXY1/%2e%2e/x", "/../x/conf"})
    EXPECT_EQ(served_file(root.path(), path, "version=6", kNoon - 1s), "") << path;
}

TEST_F(Published, WhatHasExpiredIsWithdrawn) {
  ASSERT_TRUE(publication.replace_directory(5, directory(kNoon + 1s)));
  ASSERT_TRUE(publication.replace_directory(4, "garbage"));
  EXPECT_THAT(publication.withdraw_expired(kNoon - 1s), ElementsAre(4));
  EXPECT_EQ(publication.expires(6), kNoon);
  EXPECT_THAT(publication.withdraw_expired(kNoon), ElementsAre(6));
  EXPECT_EQ(publication.expires(6), std::nullopt);
  EXPECT_EQ(publication.expires(5), kNoon + 1s);
  EXPECT_THAT(publication.withdraw_expired(kNoon), IsEmpty());
}

TEST_F(Published, GenerationsStayWhileTheyAreNamedOrWereLately) {
  put("1", kNoon - 1h);  // named by version 6
  put("2", kNoon - 1h);
  put("3", kNoon - 5min);
  put(".4", kNoon);  // left by a crash
  put("note", kNoon - 1h);
  publication.delete_old_generations(10min, kNoon);
  EXPECT_TRUE(there("1"));
  EXPECT_FALSE(there("2"));
  EXPECT_TRUE(there("3"));
  EXPECT_FALSE(there(".4"));
  EXPECT_TRUE(there("note"));
}

}  // namespace
}  // namespace causeway::configurationproxy
