// SPDX-License-Identifier: MIT
#include "configurationproxy/downloaded_parts.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::configurationproxy {
namespace {

using namespace std::chrono_literals;

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

class Downloaded : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(directory.save_own_instance("DEV"));
    put("DEV", "shared-params.xml", {"SHARED-PARAMETERS", "DEV", kNoon + 10min, {}, "/V6/1/shared-params.xml", "6"});
  }
  void put(const std::string& instance, const std::string& file, const globalconf::PartMetadata& metadata) const {
    ASSERT_TRUE(directory.save(directory.file(instance, file), "<x/>", metadata));
  }
  Result<DownloadedParts> parts(std::chrono::seconds validity = 1h, TimePoint at = kNoon) const {
    return downloaded_parts(directory, 6, validity, at);
  }
  void put_partner(TimePoint expires) const {
    put("FED", "shared-params.xml", {"SHARED-PARAMETERS", "FED", expires, {}, "/V6/1/shared-params.xml", "6"});
  }

  const testing::TemporaryDirectory folder;
  const globalconf::ConfigurationDirectory directory{folder.path()};
};

TEST_F(Downloaded, AreGoodForAsLongAsTheSourceSaysAndTheProxyAllows) {
  EXPECT_EQ(parts(1h)->expires, kNoon + 10min);
  EXPECT_EQ(parts(60s)->expires, kNoon + 60s);
  EXPECT_EQ(parts(1h)->parts.size(), 1U);
  EXPECT_EQ(parts(1h)->instance, "DEV");
}

TEST_F(Downloaded, ExpiredOnesAreNotPassedOn) {
  EXPECT_EQ(parts(1h, kNoon + 10min).error().code, "global_conf_outdated");
}

TEST_F(Downloaded, APartnerIsPassedOnUnlessItWouldHalveTheTime) {
  put_partner(kNoon + 9min);
  EXPECT_EQ(parts()->parts.size(), 2U);
  EXPECT_EQ(parts()->expires, kNoon + 9min);
  put_partner(kNoon + 4min);
  EXPECT_EQ(parts()->parts.size(), 1U);
  EXPECT_EQ(parts()->expires, kNoon + 10min);
  put_partner(kNoon - 1s);
  EXPECT_EQ(parts()->parts.size(), 1U);
}

TEST_F(Downloaded, ABrokenPartnerTakesNothingFromTheOthers) {
  put_partner(kNoon + 10min);
  ASSERT_TRUE(write_file_atomically(directory.file("FED", "shared-params.xml.metadata"), "garbage"));
  ASSERT_TRUE(parts());
  EXPECT_EQ(parts()->parts.size(), 1U);
}

TEST_F(Downloaded, WhatNoDirectoryCanCarryIsRefused) {
  for (const globalconf::PartMetadata& bad :
       std::initializer_list<globalconf::PartMetadata>{{"A'; instance='FED", "DEV", kNoon + 10min, {}, {}, "6"},
                                                       {"A\x01", "DEV", kNoon + 10min, {}, {}, "6"},
                                                       {"", "DEV", kNoon + 10min, {}, {}, "6"},
                                                       {"A", "D\"EV", kNoon + 10min, {}, {}, "6"},
                                                       {"A", "DEV", std::nullopt, {}, {}, "6"},
                                                       {"A", "DEV", kNoon + 10min, {}, {}, "5"}}) {
    put("DEV", "odd.xml", bad);
    ASSERT_FALSE(parts()) << bad.content_identifier;
    EXPECT_EQ(parts().error().code, "malformed_global_conf");
  }
  put("DEV", "odd.xml", {"A", "FED", kNoon + 10min, {}, {}, "6"});
  EXPECT_EQ(parts().error().code, "global_conf_part_invalid_instance_identifier");
}

TEST_F(Downloaded, WhatStandsBesideAPartIsNone) {
  for (const char* name : {"shared-params.xml.image", "shared-params.xml.draft", "shared-params.xml.tmp1-1"})
    ASSERT_TRUE(write_file_atomically(directory.file("DEV", name), "x"));
  EXPECT_EQ(parts()->parts.size(), 1U);
}

}  // namespace
}  // namespace causeway::configurationproxy
