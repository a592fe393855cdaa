// SPDX-License-Identifier: MIT
// An index in a database that is away, taken, or another log's: the log goes on without it.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "securityserver/messagelog/index_status.hpp"
#include "securityserver/messagelog/index_table.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "support/postgres_server.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::PostgresServer;
using testing::TemporaryDirectory;
using namespace std::chrono_literals;

constexpr auto kPatience = 120s;

class IndexOutage : public ::testing::Test {
 protected:
  LogPlace place(const TemporaryDirectory& directory) const { return {directory.path(), database_}; }
  std::unique_ptr<MessageLog> open(const LogPlace& place) {
    auto log = MessageLog::open(threads_, {place});
    EXPECT_TRUE(log.ok()) << (log.ok() ? "" : log.error().text);
    return log ? *std::move(log) : nullptr;
  }
  void append(MessageLog& log, const std::string& query_id) {
    const auto id = net::block_on(threads_.at(0), log.append(sample_record(query_id)));
    EXPECT_TRUE(id.ok()) << (id.ok() ? "" : id.error().text);
  }
  // By itself: nobody asks for it meanwhile.
  bool catches_up(const LogPlace& place) const {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
      const auto status = index_status(place);
      EXPECT_TRUE(status.ok());
      if (status.ok() && !status->fault && status->behind() == 0) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }

  PostgresServer server_;  // outages disturb no other case
  const std::string database_ = server_.new_database();
  TemporaryDirectory directory_;
  const LogPlace place_ = place(directory_);
  net::IoThreads threads_{2};
};

TEST_F(IndexOutage, ALogOpensWithoutItsIndexAndFillsItLater) {
  server_.stop();
  auto log = open(place_);
  append(*log, "q1");
  append(*log, "q2");
  EXPECT_FALSE(log->flush_index().ok());
  const auto away = index_status(place_);
  ASSERT_TRUE(away.ok());
  ASSERT_TRUE(away->fault.has_value());
  EXPECT_EQ(away->last_logged, 2U);
  EXPECT_EQ(find_records(place_, {.query_id = "q2"})->size(), 1U) << "from the segments";
  EXPECT_EQ(read_record(place_, 1)->query_id, "q1");
  server_.start();
  ASSERT_TRUE(catches_up(place_));
  EXPECT_EQ(log->find({})->size(), 2U);
  EXPECT_EQ(log->find({.query_id = "q2"})->front().id, 2U);
}

TEST_F(IndexOutage, ALogGoesOnWhileItsIndexIsAway) {
  auto log = open(place_);
  append(*log, "before");
  ASSERT_TRUE(log->flush_index().ok());
  server_.stop();
  append(*log, "meanwhile");
  EXPECT_FALSE(log->flush_index().ok());
  EXPECT_FALSE(log->find({}).ok());
  server_.start();
  append(*log, "after");
  ASSERT_TRUE(catches_up(place_));
  EXPECT_EQ(log->find({})->size(), 3U);
  EXPECT_EQ(log->read(2)->query_id, "meanwhile");
}

TEST_F(IndexOutage, ADatabaseThatDoesNotAnswerHoldsUpNoMessage) {
  auto log = open(place_);
  append(*log, "before");
  ASSERT_TRUE(log->flush_index().ok());
  server_.freeze();
  append(*log, "meanwhile");
  server_.thaw();
  ASSERT_TRUE(catches_up(place_));
  EXPECT_EQ(log->find({})->size(), 2U);
}

TEST_F(IndexOutage, ADatabaseThatWasEmptiedIsFilledAgain) {
  {
    auto log = open(place_);
    append(*log, "q1");
    ASSERT_TRUE(log->flush_index().ok());
  }
  ASSERT_TRUE(remove_index_database(place_).ok());
  EXPECT_TRUE(index_status(place_)->fault.has_value());
  EXPECT_EQ(find_records(place_, {})->size(), 1U);
  auto log = open(place_);
  ASSERT_TRUE(log->flush_index().ok());
  EXPECT_EQ(log->find({})->size(), 1U);
}

TEST_F(IndexOutage, TheIndexOfAnotherLogIsMadeAnew) {
  {
    auto log = open(place_);
    for (int i = 0; i < 5; ++i) append(*log, "old");
    ASSERT_TRUE(log->flush_index().ok());
  }
  const TemporaryDirectory other;
  {
    auto log = open({other.path()});
    append(*log, "new");
  }
  EXPECT_EQ(find_records(place(other), {})->size(), 1U) << "others do without it";
  auto log = open(place(other));
  append(*log, "new");
  ASSERT_TRUE(log->flush_index().ok());
  EXPECT_EQ(log->find({})->size(), 2U);
  EXPECT_EQ(log->find({.query_id = "old"})->size(), 0U);
}

TEST_F(IndexOutage, ASchemaHoldsTheIndexOfOneServer) {
  auto first = open(place_);
  append(*first, "first");
  ASSERT_TRUE(first->flush_index().ok());
  const TemporaryDirectory other;
  auto second = open(place(other));
  append(*second, "second");
  const auto taken = second->flush_index();
  ASSERT_FALSE(taken.ok());
  EXPECT_NE(taken.error().text.find("index-database-schema"), std::string::npos) << taken.error().text;
  EXPECT_EQ(first->find({})->size(), 1U);
  second.reset();
  LogPlace apart = place(other);
  apart.index_schema = "other";
  second = open(apart);
  ASSERT_TRUE(second->flush_index().ok());
  EXPECT_EQ(second->find({.query_id = "second"})->size(), 1U);
  EXPECT_EQ(first->find({.query_id = "second"})->size(), 0U);
}

}  // namespace
}  // namespace causeway::securityserver
