// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/message_log.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <set>
#include <span>
#include <thread>

#include "base/files.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"
#include "support/postgres_server.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;

class AnyMessageLog : public ::testing::Test {
 protected:
  explicit AnyMessageLog(store::Engine index) {
    place_.directory = directory_.path();
    if (index == store::Engine::postgres) place_.index_database = testing::PostgresServer::shared().new_database();
  }
  std::unique_ptr<MessageLog> open(std::uint64_t segment_size = 64UL << 20) {
    auto log = MessageLog::open(threads_, {place_, segment_size});
    EXPECT_TRUE(log.ok()) << (log.ok() ? "" : log.error().text);
    return log ? *std::move(log) : nullptr;
  }
  Result<std::uint64_t> append(MessageLog& log, LogRecord record) {
    return net::block_on(threads_.at(0), log.append(std::move(record)));
  }

  TemporaryDirectory directory_;
  LogPlace place_;
  net::IoThreads threads_{2};
};

// With its index on either engine.
class MessageLogTest : public AnyMessageLog, public ::testing::WithParamInterface<store::Engine> {
 protected:
  MessageLogTest() : AnyMessageLog(GetParam()) {}
};

class MessageLogWithIndexFile : public AnyMessageLog {
 protected:
  MessageLogWithIndexFile() : AnyMessageLog(store::Engine::sqlite) {}
};

TEST_P(MessageLogTest, GivesBackEverythingOfARecord) {
  auto log = open();
  LogRecord record = sample_record("q1", "GET /r1/DEV/...");
  record.attachments = {{spool_of(300000), 200000}};
  auto id = append(*log, record);
  ASSERT_TRUE(id.ok()) << id.error().text;
  auto read = log->read(*id);
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(read->id, *id);
  EXPECT_EQ(read->time, record.time);
  EXPECT_EQ(read->owner, record.owner);
  EXPECT_EQ(read->client, record.client);
  EXPECT_EQ(read->service, record.service);
  EXPECT_EQ(read->request_id, record.request_id);
  EXPECT_EQ(read->message, record.message);
  EXPECT_EQ(read->signature.signature, record.signature.signature);
  EXPECT_EQ(read->signature.hash_chain, record.signature.hash_chain);
  EXPECT_EQ(read->signature.hash_chain_result, record.signature.hash_chain_result);
  ASSERT_EQ(read->attachments.size(), 1U);
  EXPECT_EQ(read->attachments[0].size, 200000U);
  Bytes expected = *record.attachments[0].content->read_all(1 << 20);
  expected.resize(200000);
  EXPECT_EQ(*read->attachments[0].content->read_all(1 << 20), expected);
}

TEST_P(MessageLogTest, IsFoundOnceWhileTheIndexCatchesUp) {
  auto log = open();
  std::thread caller([&] {
    for (int i = 0; i < 300; ++i) {
      EXPECT_TRUE(append(*log, sample_record("q")).ok());
    }
  });
  std::size_t seen = 0;
  while (seen < 300) {
    const auto found = find_records(place_, {.query_id = "q", .limit = 1000});
    ASSERT_TRUE(found.ok()) << found.error().text;
    for (std::size_t i = 1; i < found->size(); ++i) ASSERT_LT((*found)[i - 1].id, (*found)[i].id);
    seen = found->size();
  }
  caller.join();
}

TEST_P(MessageLogTest, LogsAPlainSignatureAndNoBody) {
  auto log = open();
  LogRecord record = sample_record("q1");
  record.signature = {"<plain/>", "", ""};
  auto read = log->read(*append(*log, record));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->signature.hash_chain, "");
  EXPECT_EQ(read->signature.hash_chain_result, "");
  EXPECT_TRUE(read->attachments.empty());
}

TEST_P(MessageLogTest, FindsByQueryIdOwnerAndTime) {
  auto log = open();
  LogRecord later = sample_record("q1");
  later.response = true;
  later.time += std::chrono::seconds{1};
  LogRecord of_other = sample_record("q2");
  of_other.owner = *ClientId::make("DEV", "COM", "3");
  ASSERT_TRUE(append(*log, sample_record("q1")).ok());
  ASSERT_TRUE(append(*log, later).ok());
  ASSERT_TRUE(append(*log, of_other).ok());
  ASSERT_TRUE(log->flush_index().ok());
  EXPECT_EQ(log->find({})->size(), 3U);
  EXPECT_EQ(log->find({.query_id = "q1"})->size(), 2U);
  EXPECT_EQ(log->find({.query_id = "absent"})->size(), 0U);
  EXPECT_EQ(log->find({.owner = of_other.owner})->size(), 1U);
  EXPECT_EQ(log->find({.query_id = "q1", .owner = of_other.owner})->size(), 0U);
  EXPECT_EQ(log->find({.from = later.time})->size(), 1U);
  EXPECT_EQ(log->find({.to = later.time - std::chrono::milliseconds{1}})->size(), 2U);
  EXPECT_EQ(log->find({.limit = 2})->size(), 2U);
  const auto found = *log->find({.query_id = "q1"});
  EXPECT_FALSE(found[0].response);
  EXPECT_TRUE(found[1].response);
  EXPECT_EQ(found[1].time, later.time);
  EXPECT_EQ(found[0].owner, "DEV/COM/2%2F2/app");
  EXPECT_EQ(found[0].service, "DEV/GOV/1/registry/get%2FRandom/v1");
  EXPECT_EQ(found[0].request_id, "request-q1");
}

TEST_P(MessageLogTest, FindsByClientServiceAndDirectionExactlyOrBelow) {
  auto log = open();
  const auto add = [&](const char* client_code, const char* client_subsystem, const char* code, const char* version,
                       bool response) {
    LogRecord record = sample_record("q");
    record.client = record.owner = *ClientId::make("DEV", "COM", client_code, client_subsystem);
    record.service = *ServiceId::make(*ClientId::make("DEV", "GOV", "1", "registry"), code, version);
    record.response = response;
    ASSERT_TRUE(append(*log, record).ok());
  };
  add("2", "app", "get", "v1", false);
  add("2", "app", "get", "v1", true);
  add("2", "other", "get", "v2", false);
  add("2", "", "getMore", "", false);
  add("22", "app", "put", "", false);
  ASSERT_TRUE(log->flush_index().ok());
  const auto ids = [&](const LogQuery& query) {
    std::vector<std::uint64_t> found;
    const auto indexed = log->find(query);
    for (const FoundRecord& record : *indexed) found.push_back(record.id);
    std::vector<std::uint64_t> scanned;
    const auto by_others = find_records(place_, query);
    for (const FoundRecord& record : *by_others) scanned.push_back(record.id);
    EXPECT_EQ(found, scanned);
    return found;
  };
  using Ids = std::vector<std::uint64_t>;
  const auto below = [](const char* name) { return NameQuery(name, true); };
  EXPECT_EQ(ids({.client = below("DEV/COM/2")}), (Ids{1, 2, 3, 4}));
  EXPECT_EQ(ids({.client = NameQuery("DEV/COM/2")}), (Ids{4}));
  EXPECT_EQ(ids({.owner = below("DEV/COM/2/app")}), (Ids{1, 2}));
  EXPECT_EQ(ids({.owner = below("DEV/COM/2"), .client = below("DEV/COM/2/other")}), (Ids{3}));
  EXPECT_EQ(ids({.owner = below("DEV/COM/2"), .client = below("DEV/COM/22")}), (Ids{}));
  EXPECT_EQ(ids({.service = below("DEV/GOV/1/registry/get")}), (Ids{1, 2, 3}));
  EXPECT_EQ(ids({.service = NameQuery("DEV/GOV/1/registry/get/v2")}), (Ids{3}));
  EXPECT_EQ(ids({.service = below("DEV/GOV/1")}), (Ids{1, 2, 3, 4, 5}));
  EXPECT_EQ(ids({.service = below("DEV/GOV/1"), .response = true}), (Ids{2}));
  EXPECT_EQ(ids({.query_id = "q", .client = below("DEV/COM/2"), .response = false}), (Ids{1, 3, 4}));
  EXPECT_EQ(ids({.client = below("DEV/COM/2"), .after = 1, .limit = 2}), (Ids{2, 3}));
  EXPECT_EQ(ids({.client = below("DEV/COM/2"), .after = 3, .limit = 2}), (Ids{4}));
  EXPECT_EQ(ids({.after = 4}), (Ids{5}));
}

TEST_P(MessageLogTest, PagesHoldEverythingOnceInTheOrderOfIds) {
  auto log = open(2000);  // several segments
  for (int i = 0; i < 60; ++i) {
    LogRecord record = sample_record("q" + std::to_string(i));
    record.owner = record.client = *ClientId::make("DEV", "COM", "2", "s" + std::to_string(i % 7));
    ASSERT_TRUE(append(*log, record).ok());
  }
  ASSERT_TRUE(log->flush_index().ok());
  LogQuery query{.client = NameQuery("DEV/COM/2", true), .limit = 11};
  std::vector<std::uint64_t> all;
  for (;;) {
    const auto page = *log->find(query);
    for (const FoundRecord& record : page) all.push_back(record.id);
    if (page.size() < query.limit) break;
    query.after = page.back().id;
  }
  ASSERT_EQ(all.size(), 60U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i + 1);
}

// Whole segments are chosen by their times first; a clock that was set back must not hide any.
TEST_P(MessageLogTest, FindsByTimeThoughTheClockWasSetBack) {
  auto log = open(2000);
  const TimePoint noon = sample_record("").time;
  for (const int minutes : {0, 10, 20, 30, 5, 15, 25, 35, 40}) {
    LogRecord record = sample_record("q" + std::to_string(minutes), std::string(900, 'm'));
    record.time = noon + std::chrono::minutes(minutes);
    ASSERT_TRUE(append(*log, record).ok());
  }
  ASSERT_TRUE(log->flush_index().ok());
  const auto records = log->find({.from = noon + std::chrono::minutes(15), .to = noon + std::chrono::minutes(25)});
  std::vector<std::string> found;
  for (const FoundRecord& record : *records) found.push_back(record.query_id);
  EXPECT_EQ(found, (std::vector<std::string>{"q20", "q15", "q25"}));
  EXPECT_EQ(log->find({.to = noon})->size(), 1U);
  EXPECT_EQ(log->find({.from = noon + std::chrono::minutes(41)})->size(), 0U);
}

TEST_P(MessageLogTest, FindsAllOfAMemberWithMoreSubsystemsThanCanBeMerged) {
  auto log = open();
  for (int i = 0; i < 450; ++i) {
    LogRecord record = sample_record("q");
    record.owner = record.client = *ClientId::make("DEV", "COM", "2", "s" + std::to_string(i));
    ASSERT_TRUE(append(*log, record).ok());
  }
  ASSERT_TRUE(log->flush_index().ok());
  const auto found = log->find({.owner = NameQuery("DEV/COM/2", true), .after = 10, .limit = 100});
  ASSERT_TRUE(found.ok()) << found.error().text;
  ASSERT_EQ(found->size(), 100U);
  EXPECT_EQ(found->front().id, 11U);
  EXPECT_EQ(found->back().id, 110U);
}

TEST_P(MessageLogTest, SaysThatARecordIsNotThere) {
  auto log = open();
  EXPECT_EQ(log->read(1).error().code, "not_found");
}

TEST_P(MessageLogTest, KeepsSeveralAttachmentsAndAnEmptyOne) {
  auto log = open();
  LogRecord record = sample_record("q1");
  record.attachments = {{std::make_shared<Spool>(), 0}};
  ASSERT_TRUE(append(*log, record).ok());
  record.attachments = {{spool_of(10), 10}, {spool_of(200000), 200000}, {spool_of(30), 30}};
  ASSERT_TRUE(append(*log, record).ok());
  const auto one = log->read(1), three = log->read(2);
  ASSERT_TRUE(one.ok() && three.ok());
  ASSERT_EQ(one->attachments.size(), 1U);
  EXPECT_EQ(one->attachments[0].content->size(), 0U);
  ASSERT_EQ(three->attachments.size(), 3U);
  EXPECT_EQ(*three->attachments[1].content->read_all(1 << 20), *spool_of(200000)->read_all(1 << 20));
  EXPECT_EQ(three->attachments[2].content->size(), 30U);
}

TEST_P(MessageLogTest, KeepsAttachmentsThatShareASpool) {
  auto log = open();
  LogRecord record = sample_record("shared");
  const auto spool = spool_of(300000);
  record.attachments = {{spool, 10, 5}, {spool, 200000, 15}};
  ASSERT_TRUE(append(*log, record).ok());
  const auto read = log->read(1);
  ASSERT_TRUE(read.ok()) << read.error().text;
  ASSERT_EQ(read->attachments.size(), 2U);
  const Bytes whole = *spool->read_all(1 << 20);
  EXPECT_EQ(*read->attachments[0].content->read_all(100), Bytes(whole.begin() + 5, whole.begin() + 15));
  EXPECT_EQ(*read->attachments[1].content->read_all(1 << 20), Bytes(whole.begin() + 15, whole.begin() + 200015));
}

// X-Road's columns hold 255 characters, and a longer value fails the message.
TEST_P(MessageLogTest, RefusesIdentifiersOfMoreThan255Characters) {
  auto log = open();
  std::string umlauts;
  for (int i = 0; i < 255; ++i) umlauts += "\u00f6";
  EXPECT_TRUE(append(*log, sample_record(umlauts.substr(0, umlauts.size() - 16))).ok()) << "request- is put before it";
  EXPECT_EQ(append(*log, sample_record(umlauts + "x")).error().code, "logging_failed");
  LogRecord record = sample_record("q");
  record.request_id = umlauts;
  EXPECT_TRUE(append(*log, record).ok());
  record.request_id = umlauts + "x";
  const auto refused = append(*log, record);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find("x-road-request-id"), std::string::npos);
  record = sample_record("q");
  record.owner = *ClientId::make("DEV", "COM", "1", umlauts + "x");
  EXPECT_FALSE(append(*log, record).ok());
  record.owner = *ClientId::make("DEV", "COM", umlauts + "x");
  EXPECT_FALSE(append(*log, record).ok());
}

TEST_P(MessageLogTest, RefusesAnIdentifierThatCannotBeStored) {
  auto log = open();
  EXPECT_EQ(append(*log, sample_record(std::string(70000, 'x'))).error().code, "logging_failed");
  EXPECT_TRUE(append(*log, sample_record("fine")).ok());
}

TEST_P(MessageLogTest, IsOpenInOneProcessAtATime) {
  auto log = open();
  auto second = MessageLog::open(threads_, {place_});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().text.find("in use"), std::string::npos);
  EXPECT_FALSE(rebuild_index(place_).ok());
  log.reset();
  EXPECT_TRUE(MessageLog::open(threads_, {place_}).ok());
}

TEST_P(MessageLogTest, ManyAppendAtOnceAndAllGetTheirOwnRecord) {
  constexpr int kTasks = 64, kEach = 20;
  auto log = open(100000);
  std::mutex mutex;
  std::map<std::uint64_t, std::string> ids;
  std::atomic<int> running{kTasks};
  for (int task = 0; task < kTasks; ++task)
    net::spawn(threads_.at(static_cast<std::size_t>(task % 2)), "append", [&, task]() -> net::Task<void> {
      for (int i = 0; i < kEach; ++i) {
        const std::string query_id = std::to_string(task) + "-" + std::to_string(i);
        auto id = co_await log->append(sample_record(query_id));
        EXPECT_TRUE(id.ok());
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(ids.emplace(*id, query_id).second);
      }
      --running;
    });
  while (running > 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  ASSERT_EQ(ids.size(), std::size_t{kTasks} * kEach);
  EXPECT_EQ(ids.begin()->first, 1U);
  EXPECT_EQ(ids.rbegin()->first, ids.size());
  for (const auto& [id, query_id] : ids) ASSERT_EQ(log->read(id)->query_id, query_id);
  ASSERT_TRUE(log->flush_index().ok());
  EXPECT_EQ(log->find({.limit = 10000})->size(), ids.size());
  EXPECT_TRUE(check_log(directory_.path())->damages.empty());
}

TEST_P(MessageLogTest, TheIndexCatchesUpAfterReopening) {
  {
    auto writer = open_writer(directory_.path(), 3000);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(securityserver::append(*writer, sample_record(std::to_string(i))).ok());
  }
  auto log = open();
  ASSERT_TRUE(log->flush_index().ok());
  EXPECT_EQ(log->find({})->size(), 20U);
  EXPECT_EQ(log->find({.query_id = "7"})->front().id, 8U);
}

TEST_F(MessageLogWithIndexFile, AnIndexThatIsGoneOrBrokenIsMadeAnew) {
  for (const char* content : {"", "this is not a database, and long enough to be looked at as one"}) {
    {
      auto log = open();
      ASSERT_TRUE(append(*log, sample_record("q")).ok());
      ASSERT_TRUE(log->flush_index().ok());
    }
    for (const char* name : {"index.db", "index.db-wal", "index.db-shm"}) std::filesystem::remove(directory_ / name);
    if (*content != 0) ASSERT_TRUE(write_file_atomically(directory_ / "index.db", content).ok());
  }
  auto log = open();
  ASSERT_TRUE(log->flush_index().ok());
  EXPECT_EQ(log->find({})->size(), 2U);
}

// The reader does without, the server reads the segments again.
TEST_F(MessageLogWithIndexFile, AnIndexOfAnEarlierFormIsMadeAnew) {
  constexpr std::array kEarlier{store::Migration{1, "records", R"(
      CREATE TABLE record (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, response INTEGER NOT NULL,
        owner TEXT NOT NULL, client TEXT NOT NULL, service TEXT NOT NULL, query_id TEXT NOT NULL,
        request_id TEXT NOT NULL, segment INTEGER NOT NULL, position INTEGER NOT NULL);
      CREATE INDEX record_query_id ON record (query_id);
      CREATE INDEX record_time ON record (time);
      CREATE TABLE progress (segment INTEGER NOT NULL, position INTEGER NOT NULL);
      INSERT INTO progress VALUES (9, 9);)"},
                                store::Migration{2, "records by name", R"(
      DROP TABLE record;
      CREATE TABLE party (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
      INSERT INTO party VALUES (1, 'DEV/COM/9/of-then'), (2, 'DEV/COM/2%2F2/app');
      CREATE TABLE segment (number INTEGER PRIMARY KEY, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL,
        first_time INTEGER NOT NULL, last_time INTEGER NOT NULL);
      INSERT INTO segment VALUES (1, 1, 1, 0, 0);
      CREATE TABLE record (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, response INTEGER NOT NULL,
        owner INTEGER NOT NULL, client INTEGER NOT NULL, service INTEGER NOT NULL, query_hash INTEGER NOT NULL,
        query_id TEXT NOT NULL, request_id TEXT NOT NULL, segment INTEGER NOT NULL, position INTEGER NOT NULL);
      INSERT INTO record VALUES (1, 0, 0, 1, 1, 1, 0, 'of then', '', 1, 100);
      CREATE INDEX record_query ON record (query_hash);
      CREATE INDEX record_owner ON record (owner);
      CREATE INDEX record_client ON record (client);
      CREATE INDEX record_service ON record (service);
      UPDATE progress SET segment = 9, position = 9;)"}};
  std::size_t logged = 0;
  for (std::size_t forms = 1; forms <= kEarlier.size(); ++forms) {
    {
      auto log = open();
      ASSERT_TRUE(append(*log, sample_record("q1")).ok());
      ++logged;
    }
    for (const char* name : {"index.db", "index.db-wal", "index.db-shm"}) std::filesystem::remove(directory_ / name);
    {
      auto database = *store::open_sqlite(directory_ / "index.db");
      ASSERT_TRUE(store::migrate(*database, std::span(kEarlier).first(forms)).ok());
    }
    EXPECT_EQ(find_records(place_, {.query_id = "q1"})->size(), logged);
    auto log = open();
    ASSERT_TRUE(log->flush_index().ok());
    EXPECT_EQ(log->find({.query_id = "q1"})->size(), logged);
    EXPECT_EQ(log->find({.owner = sample_record("").owner, .from = sample_record("").time})->size(), logged);
    EXPECT_EQ(log->find({})->size(), logged);
  }
}

TEST_P(MessageLogTest, RebuildsTheIndexFromTheSegments) {
  {
    auto log = open(2000);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(append(*log, sample_record("q" + std::to_string(i))).ok());
    ASSERT_TRUE(log->flush_index().ok());
  }
  auto rebuilt = rebuild_index(place_);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().text;
  EXPECT_EQ(*rebuilt, 10U);
  EXPECT_EQ(open()->find({})->size(), 10U);
}

TEST_P(MessageLogTest, OthersReadALogThatIsInUse) {
  EXPECT_EQ(find_records({directory_ / "absent"}, {})->size(), 0U);
  auto log = open();
  ASSERT_TRUE(append(*log, sample_record("q1")).ok());
  ASSERT_TRUE(log->flush_index().ok());
  for (int i = 2; i < 5; ++i) ASSERT_TRUE(append(*log, sample_record("q" + std::to_string(i))).ok());
  EXPECT_EQ(find_records(place_, {})->size(), 4U) << "indexed or not";
  EXPECT_EQ(find_records(place_, {.query_id = "q3"})->size(), 1U);
  EXPECT_EQ(find_records(place_, {.limit = 3})->size(), 3U);
  EXPECT_EQ(read_record(place_, 4)->query_id, "q4");
  EXPECT_EQ(read_record(place_, 5).error().code, "not_found");
}

TEST_P(MessageLogTest, OthersReadALogWithoutAnIndex) {
  {
    auto writer = open_writer(directory_.path());
    ASSERT_TRUE(securityserver::append(*writer, sample_record("q1")).ok());
  }
  EXPECT_EQ(find_records(place_, {.query_id = "q1"})->size(), 1U);
  EXPECT_EQ(read_record(place_, 1)->query_id, "q1");
}

INSTANTIATE_TEST_SUITE_P(Engines, MessageLogTest, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) {
                           return engine.param == store::Engine::sqlite ? "SQLite" : "PostgreSQL";
                         });

}  // namespace
}  // namespace causeway::securityserver
