// SPDX-License-Identifier: MIT
// An index of several eras and segments finds what reading all records finds.
#include "securityserver/messagelog/index_table.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "support/postgres_server.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;

constexpr std::uint64_t kRecords = 70000;  // more than an era of an index in SQLite

// Some names are everywhere, some in few blocks, one in a single record; a message id comes
// again 20,000 records later.
LogRecord record_of(std::uint64_t id) {
  LogRecord record = sample_record("q" + std::to_string(id % 20000));
  const std::string subsystem = id == 20077      ? "once"
                                : id % 9001 == 5 ? "seldom"
                                : id / 300 == 60 ? "for-a-while"
                                                 : "s" + std::to_string(id % 7);
  record.client = *ClientId::make("DEV", "COM", "1", subsystem);
  record.owner = id % 2 == 0 ? record.client : record.service.client();
  record.service = *ServiceId::make(record.service.client(), id % 5000 == 7 ? "rare" : "often", "v1");
  record.response = id % 2 != 0;
  record.time += std::chrono::seconds(id);
  return record;
}

class IndexTableTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  IndexTableTest() {
    place_.directory = directory_.path();
    if (GetParam() == store::Engine::postgres) place_.index_database = testing::PostgresServer::shared().new_database();
    write_log();
  }

  void write_log() {
    auto writer = open_writer(directory_.path(), 1UL << 20);
    std::atomic<std::uint64_t> left{kRecords};
    for (std::uint64_t id = 1; id <= kRecords; ++id)
      writer->submit(record_of(id), [&left](const Result<std::uint64_t>& written) {
        EXPECT_TRUE(written.ok());
        if (--left == 0) left.notify_one();
      });
    for (std::uint64_t now = left; now > 0; now = left) left.wait(now);
    segments_ = *list_segments(directory_.path());
    ASSERT_GT(segments_.size(), 3U);
    for (const std::uint64_t number : segments_) {
      const auto segment = *SegmentReader::open(directory_.path(), number);
      for (auto frame = *segment.next_frame(SegmentHeader::kSize); frame; frame = *segment.next_frame(frame->end())) {
        end_ = {number, frame->end()};
        if (frame->header.type == FrameType::record) records_.push_back(segment.metadata(*frame)->found);
      }
    }
    ASSERT_EQ(records_.size(), kRecords);
  }

  std::vector<std::uint64_t> expected(const LogQuery& query, std::uint64_t first_id = 1) const {
    std::vector<std::uint64_t> ids;
    for (const FoundRecord& record : records_)
      if (record.id >= first_id && ids.size() < query.limit && matches(record, query)) ids.push_back(record.id);
    return ids;
  }
  static std::vector<std::uint64_t> found(const IndexTable& table, const LogQuery& query) {
    const auto records = table.find(query);
    EXPECT_TRUE(records.ok()) << (records.ok() ? "" : records.error().text);
    std::vector<std::uint64_t> ids;
    if (records)
      for (const FoundRecord& record : *records) ids.push_back(record.id);
    return ids;
  }

  std::vector<LogQuery> queries() const {
    const auto client = [](const char* subsystem) { return NameQuery("DEV/COM/1/" + std::string(subsystem)); };
    const NameQuery rare("DEV/GOV/1/registry/rare", true), member("DEV/COM/1", true);
    const TimePoint begin = record_of(15000).time, end = record_of(34000).time;
    return {{.limit = 10},
            {.after = 16380, .limit = 10},
            {.query_id = "q5"},
            {.query_id = "q5", .after = 5},
            {.query_id = "q5", .limit = 1},
            {.query_id = "q5", .from = begin},
            {.query_id = "absent"},
            {.query_id = "q77", .client = client("once")},
            {.client = client("once")},
            {.client = client("seldom")},
            {.client = client("seldom"), .limit = 3},
            {.client = client("seldom"), .after = 9006, .limit = 2},
            {.client = client("for-a-while"), .limit = 250},
            {.client = client("for-a-while"), .after = 18100},
            {.client = client("s3"), .limit = 5000},
            {.client = client("s3"), .from = begin, .to = end, .limit = 50000},
            {.client = client("absent")},
            {.client = member, .after = 16000, .limit = 1000},
            {.service = rare},
            {.service = rare, .response = true},
            {.client = client("s0"), .service = rare},
            {.owner = client("seldom"), .client = client("seldom")},
            {.owner = client("seldom"), .client = client("once")},
            {.owner = client("s1"), .client = member, .service = rare, .to = end}};
  }
  void expect_right(const IndexTable& table, std::uint64_t first_id = 1) const {
    int number = 0;
    for (const LogQuery& query : queries())
      EXPECT_EQ(found(table, query), expected(query, first_id)) << "query " << number++;
  }

  TemporaryDirectory directory_;
  LogPlace place_;
  std::vector<std::uint64_t> segments_;
  std::vector<FoundRecord> records_;
  Position end_;
};

TEST_P(IndexTableTest, FindsWhatReadingAllRecordsFinds) {
  auto table = *IndexTable::open_to_fill(place_);
  ASSERT_TRUE(table.advance(end_, [] { return true; }).ok());
  EXPECT_EQ(*table.size(), kRecords);
  expect_right(table);
}

TEST_P(IndexTableTest, FindsTheSameWhenFilledInManySteps) {
  auto table = *IndexTable::open_to_fill(place_);
  for (const std::uint64_t segment : segments_)
    for (const std::uint64_t offset : {100000, 400000, 700000})
      ASSERT_TRUE(table.advance({segment, offset}, [] { return true; }).ok());
  ASSERT_TRUE(table.advance(end_, [] { return true; }).ok());
  expect_right(table);
}

TEST_P(IndexTableTest, FindsTheRestWhenTheBeginningIsForgotten) {
  auto table = *IndexTable::open_to_fill(place_);
  ASSERT_TRUE(table.advance(end_, [] { return true; }).ok());
  for (const std::size_t i : {std::size_t{1}, segments_.size() / 2, segments_.size() - 1}) {
    const auto kept = *SegmentReader::open(directory_.path(), segments_[i]);
    ASSERT_TRUE(IndexTable::forget_before(place_, kept.header()).ok());
    expect_right(table, kept.header().first_id);
    EXPECT_EQ(*table.size(), kRecords + 1 - kept.header().first_id);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, IndexTableTest, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) {
                           return engine.param == store::Engine::sqlite ? "SQLite" : "PostgreSQL";
                         });

}  // namespace
}  // namespace causeway::securityserver
