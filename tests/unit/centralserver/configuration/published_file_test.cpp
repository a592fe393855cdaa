// SPDX-License-Identifier: MIT
#include "centralserver/configuration/published_file.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::centralserver {
namespace {

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

class PublishedFile : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_directories(root.path() / "V2"));
    ASSERT_TRUE(write_file_atomically(root.path() / "V2" / "externalconf", "Expire-date: 2026-03-01T12:00:00Z\r\n"));
  }
  std::string file(const char* path, const char* query, TimePoint at = kNoon - std::chrono::seconds(1)) const {
    return published_file(root.path(), path, query, at);
  }
  const testing::TemporaryDirectory root;
};

TEST_F(PublishedFile, IsTheDirectoryOfAVersionWhileItIsValid) {
  EXPECT_EQ(file("/externalconf", ""), "V2/externalconf");
  EXPECT_EQ(file("/externalconf", "a=b&version=2&c"), "V2/externalconf");
  EXPECT_EQ(file("/externalconf", "version=3"), "");
  EXPECT_EQ(file("/internalconf", ""), "");
  EXPECT_EQ(file("/externalconf", "", kNoon), "");
  EXPECT_EQ(file("/V2/externalconf", "", kNoon), "") << "under its own name neither";
}

TEST_F(PublishedFile, IsAPartAsItIs) {
  EXPECT_EQ(file("/V2/20260301100000123456789/shared-params.xml", ""), "V2/20260301100000123456789/shared-params.xml");
  for (const char* path : {"/V2/../x", "//etc/passwd/..", "/.x", "x", "", "/V2/externalconf.tmp12-3", "/a b"})
    EXPECT_EQ(file(path, ""), "") << path;
}

}  // namespace
}  // namespace causeway::centralserver
