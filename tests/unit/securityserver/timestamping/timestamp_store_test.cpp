// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamp_store.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "store/sqlite.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

class TimestampStoreTest : public ::testing::Test {
 protected:
  TimestampStore open(bool read_only = false) { return *TimestampStore::open(directory_.path(), read_only); }
  static Timestamp over(std::uint64_t first, std::uint64_t last, TimePoint time = kNoon) {
    Timestamp timestamp{.time = time,
                        .first = first,
                        .last = last,
                        .leaves = {},
                        .token = {1, 2, 3},
                        .hash_chain_result = first == last ? "" : "<result/>",
                        .service = "http://tsa.example"};
    for (std::uint64_t record = first; record <= last; ++record)
      timestamp.leaves.resize(timestamp.leaves.size() + 64, static_cast<std::uint8_t>(record));
    return timestamp;
  }
  std::pair<std::uint64_t, std::uint64_t> range_of(std::uint64_t record) {
    const auto found = open(true).find(record);
    return found && *found ? std::pair((*found)->first, (*found)->last) : std::pair<std::uint64_t, std::uint64_t>{};
  }
  using Range = std::pair<std::uint64_t, std::uint64_t>;

  testing::TemporaryDirectory directory_;
};

TEST_F(TimestampStoreTest, GivesBackTheTimestampOfEveryRecordInItsRange) {
  ASSERT_FALSE(TimestampStore::exists(directory_.path()));
  auto store = open();
  ASSERT_TRUE(store.add(over(1, 10), {10, {1, 500}}));
  ASSERT_TRUE(store.add(over(11, 11), {11, {1, 600}}));
  ASSERT_TRUE(store.add(over(14, 15), {15, {2, 100}}));
  ASSERT_TRUE(TimestampStore::exists(directory_.path()));
  EXPECT_EQ(range_of(1), Range(1, 10));
  EXPECT_EQ(range_of(10), Range(1, 10));
  EXPECT_EQ(range_of(11), Range(11, 11));
  EXPECT_EQ(range_of(12), Range());  // lost to damage
  EXPECT_EQ(range_of(15), Range(14, 15));
  EXPECT_EQ(range_of(16), Range());

  const auto found = open(true).find(7);
  EXPECT_EQ((*found)->time, kNoon);
  EXPECT_EQ((*found)->token, (Bytes{1, 2, 3}));
  EXPECT_TRUE((*found)->is_batch());
  EXPECT_EQ((*found)->service, "http://tsa.example");
  EXPECT_EQ(to_hex((*found)->leaf_of(7)), to_hex(Bytes(64, 7)));
  EXPECT_EQ(open(true).stamped_until()->record, 15U);
  EXPECT_EQ(open(true).stamped_until()->position, (Position{2, 100}));
}

TEST_F(TimestampStoreTest, TheEarliestTimestampOfARecordCounts) {
  auto store = open();
  ASSERT_TRUE(store.add_out_of_turn(over(5, 5, kNoon)));
  ASSERT_TRUE(store.add(over(1, 10, kNoon + 1min), {10, {}}));
  ASSERT_TRUE(store.add_out_of_turn(over(6, 6, kNoon + 2min)));
  EXPECT_EQ(range_of(5), Range(5, 5));
  EXPECT_EQ(range_of(4), Range(1, 10));
  EXPECT_EQ(range_of(6), Range(1, 10));
  EXPECT_EQ(*open(true).out_of_turn(1, 10), (std::vector<std::uint64_t>{5, 6}));
  EXPECT_EQ(*open(true).out_of_turn(6, 6), (std::vector<std::uint64_t>{6}));
}

TEST_F(TimestampStoreTest, KeepsNothingHalf) {
  auto store = open();
  Timestamp broken = over(1, 2);
  broken.last = 0;
  EXPECT_FALSE(store.add(broken, {2, {}}));
  EXPECT_EQ(store.stamped_until()->record, 0U);
}

TEST_F(TimestampStoreTest, IsThereWhenItIsWhole) {
  const std::string file = directory_ / "timestamps.db";
  ASSERT_TRUE(write_file_atomically(file, std::string_view()));
  EXPECT_FALSE(TimestampStore::exists(directory_.path()));  // as the server that makes it leaves it for a moment
  ASSERT_TRUE(write_file_atomically(file, "no database"));
  EXPECT_TRUE(TimestampStore::exists(directory_.path()));
  EXPECT_FALSE(TimestampStore::open(directory_.path(), true));
}

TEST_F(TimestampStoreTest, ForgetsWhatIsNoLongerKept) {
  auto store = open();
  ASSERT_TRUE(store.add(over(1, 10), {10, {}}));
  ASSERT_TRUE(store.add(over(11, 20), {20, {}}));
  ASSERT_TRUE(store.add_out_of_turn(over(15, 15)));
  ASSERT_TRUE(store.remove_before(16));
  EXPECT_EQ(range_of(10), Range());
  EXPECT_EQ(range_of(15), Range(11, 20));
  EXPECT_EQ(store.stamped_until()->record, 20U);
}

TEST_F(TimestampStoreTest, TellsADamagedRow) {
  ASSERT_TRUE(open().add(over(1, 10), {10, {}}));
  auto database = *store::open_sqlite(directory_ / "timestamps.db");
  ASSERT_TRUE(database->execute("UPDATE timestamp SET leaves = x'00'"));
  EXPECT_EQ(open(true).find(3).error().code, "database_error");
}

TEST_F(TimestampStoreTest, CostsSeventyOctetsARecord) {
  {
    auto store = open();
    constexpr std::uint64_t kRecords = 10'000;
    for (std::uint64_t batch = 0; batch < 10; ++batch)
      ASSERT_TRUE(store.add(over(batch * kRecords + 1, (batch + 1) * kRecords), {(batch + 1) * kRecords, {}}));
  }
  EXPECT_LT(std::filesystem::file_size(directory_ / "timestamps.db"), 100'000U * 70);
}

}  // namespace
}  // namespace causeway::securityserver
