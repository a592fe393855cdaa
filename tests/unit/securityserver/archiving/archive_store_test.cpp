// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archive_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

class ArchiveStoreTest : public ::testing::Test {
 protected:
  ArchiveStore open() { return *ArchiveStore::open(directory_.path()); }
  static FoundRecord record(std::uint64_t id, const char* owner) {
    return {.id = id,
            .time = {},
            .response = false,
            .owner = owner,
            .client = {},
            .service = {},
            .query_id = {},
            .request_id = {}};
  }
  testing::TemporaryDirectory directory_;
};

TEST_F(ArchiveStoreTest, KeepsTheChainOfEachGroup) {
  {
    auto store = open();
    EXPECT_EQ(store.chain("DEV/COM/1")->last_link, "");
    ASSERT_TRUE(store.add({"DEV/COM/1", "aa", "first.zip", 10}, {"t1", "f1"}).ok());
    ASSERT_TRUE(store.settle().ok());
    ASSERT_TRUE(store.add({"DEV/COM/2", "bb", "other.zip", 20}, {"t2", "f2"}).ok());
    ASSERT_TRUE(store.settle().ok());
    ASSERT_TRUE(store.add({"DEV/COM/1", "cc", "second.zip", 30}, {"t3", "f3"}).ok());
  }
  auto store = open();
  const auto chain = store.chain("DEV/COM/1");
  EXPECT_EQ(chain->last_link, "cc");
  EXPECT_EQ(chain->last_file, "second.zip");
  EXPECT_EQ(chain->archived_until, 30U);
  EXPECT_EQ(store.chain("DEV/COM/2")->last_link, "bb");
  const auto pending = *store.pending();
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->temporary, "t3");
  EXPECT_EQ(pending->final, "f3");
}

TEST_F(ArchiveStoreTest, KnowsWhatIsArchivedWhateverTheGrouping) {
  auto store = open();
  ASSERT_TRUE(store.set_archived_until(5).ok());
  ASSERT_TRUE(store.add({"member DEV/COM/1", "aa", "f", 10}, {"t", "f"}).ok());
  ASSERT_TRUE(store.add({"subsystem DEV/COM/2/app", "aa", "f", 20}, {"t", "f"}).ok());
  EXPECT_TRUE(*store.is_archived(record(5, "DEV/COM/3")));
  EXPECT_FALSE(*store.is_archived(record(6, "DEV/COM/3")));
  EXPECT_TRUE(*store.is_archived(record(10, "DEV/COM/1/app"))) << "with its member";
  EXPECT_FALSE(*store.is_archived(record(11, "DEV/COM/1/app")));
  EXPECT_TRUE(*store.is_archived(record(20, "DEV/COM/2/app")));
  EXPECT_FALSE(*store.is_archived(record(20, "DEV/COM/2/other")));
  ASSERT_TRUE(store.add({"", "aa", "f", 40}, {"t", "f"}).ok());
  EXPECT_TRUE(*store.is_archived(record(40, "DEV/COM/2/other"))) << "with all others";
  EXPECT_EQ(*store.archived_until(), 5U);
}

TEST_F(ArchiveStoreTest, AMemberThatIsAClientItselfIsNotAllItsSubsystems) {
  auto store = open();
  const std::string group = group_name(ArchiveGrouping::subsystem, "DEV/COM/1");
  ASSERT_TRUE(store.add({group, "aa", "f", 10}, {"t", "f"}).ok());
  EXPECT_TRUE(*store.is_archived(record(10, "DEV/COM/1")));
  EXPECT_FALSE(*store.is_archived(record(9, "DEV/COM/1/app")));
  EXPECT_NE(group, group_name(ArchiveGrouping::member, "DEV/COM/1/app"));
}

TEST_F(ArchiveStoreTest, HasATagOfItsOwn) {
  const std::string tag = *open().tag();
  EXPECT_EQ(tag.size(), 16U);
  EXPECT_EQ(*open().tag(), tag);
  const testing::TemporaryDirectory other;
  EXPECT_NE(*ArchiveStore::open(other.path())->tag(), tag);
}

TEST_F(ArchiveStoreTest, NothingIsArchivedWhereThereIsNone) {
  EXPECT_EQ(*archived_until(directory_.path()), 0U);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "archive.db")) << "looking makes none";
  ASSERT_TRUE(open().set_archived_until(7).ok());
  EXPECT_EQ(*archived_until(directory_.path()), 7U);
}

TEST_F(ArchiveStoreTest, KnowsTheMemberOfAnIdentifier) {
  EXPECT_EQ(member_of("DEV/COM/1/app"), "DEV/COM/1");
  EXPECT_EQ(member_of("DEV/COM/1%2F2/app"), "DEV/COM/1%2F2");
  EXPECT_EQ(member_of("DEV/COM/1"), "DEV/COM/1");
}

}  // namespace
}  // namespace causeway::securityserver
