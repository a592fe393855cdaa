// SPDX-License-Identifier: MIT
// What holds for both engines alike.
#include "store/database.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "unit/store/engines.hpp"

namespace causeway::store {
namespace {

class DatabaseTest : public testing::EngineTest {
 protected:
  // The engine's words for octets and for integers of 64 bits.
  std::string octets() const { return GetParam() == Engine::postgres ? "BYTEA" : "BLOB"; }
};
CAUSEWAY_ON_BOTH_ENGINES(DatabaseTest);

TEST_P(DatabaseTest, GivesBackWhatWasStored) {
  auto database = open();
  ASSERT_TRUE(
      database->execute("CREATE TABLE t (a BIGINT, b DOUBLE PRECISION, c TEXT, d " + octets() + ", e TEXT)").ok());
  auto insert = database->prepare("INSERT INTO t VALUES ($1, $2, $3, $4, $5)");
  ASSERT_TRUE(insert.ok()) << insert.error().text;
  const Bytes octets{0, 1, 255, 0, '\\', 'x'};
  const std::string text = "a\\b'\xc3\xa4\n";
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min(), kMax = std::numeric_limits<std::int64_t>::max();
  ASSERT_TRUE((*insert)->run(kMin, 0.1, text, octets, nullptr).ok());
  ASSERT_TRUE((*insert)->run(kMax, -1e300, "", Bytes{}, "e").ok());

  auto select = database->prepare("SELECT a, b, c, d, e FROM t ORDER BY a");
  ASSERT_TRUE(select.ok());
  ASSERT_TRUE((*select)->start().ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->integer(0), kMin);
  EXPECT_EQ((*select)->real(1), 0.1);
  EXPECT_EQ((*select)->text(2), text);
  EXPECT_EQ(Bytes((*select)->octets(3).begin(), (*select)->octets(3).end()), octets);
  EXPECT_TRUE((*select)->is_null(4));
  EXPECT_EQ((*select)->text(4), "");
  EXPECT_EQ((*select)->integer(4), 0);
  EXPECT_TRUE((*select)->octets(4).empty());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->integer(0), kMax);
  EXPECT_EQ((*select)->real(1), -1e300);
  EXPECT_FALSE((*select)->is_null(2));
  EXPECT_FALSE((*select)->is_null(3));
  EXPECT_EQ((*select)->text(2), "");
  EXPECT_TRUE((*select)->octets(3).empty());
  EXPECT_FALSE(*(*select)->next());
}

TEST_P(DatabaseTest, KeepsATextThatIsComparedAsOctets) {
  auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (a " + octets() + ")").ok());
  auto insert = database->prepare("INSERT INTO t VALUES ($1)");
  const Bytes not_utf8{'a', 0, 0xff, '\\', '0'};
  ASSERT_TRUE((*insert)->run(not_utf8).ok());
  auto select = database->prepare("SELECT a FROM t WHERE a = $1");
  ASSERT_TRUE((*select)->start(not_utf8).ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->text(0), std::string(not_utf8.begin(), not_utf8.end()));
}

TEST_P(DatabaseTest, TakesNumberedParametersInAnyOrderAndMoreThanOnce) {
  auto database = open();
  auto select = database->prepare("SELECT CAST($2 AS TEXT) || CAST($1 AS TEXT) || $2");
  ASSERT_TRUE(select.ok()) << select.error().text;
  ASSERT_TRUE((*select)->start("one", "two").ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->text(0), "twoonetwo");
}

TEST_P(DatabaseTest, RefusesTooFewParametersAndPassesOverMore) {
  auto database = open();
  auto select = database->prepare("SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)");
  EXPECT_EQ((*select)->start("one").error().code, "database_error");
  ASSERT_TRUE((*select)->start("one", "two", "three").ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->text(1), "two");
}

TEST_P(DatabaseTest, NamesABrokenConstraint) {
  auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER NOT NULL CHECK (b > 0))").ok());
  auto insert = database->prepare("INSERT INTO t VALUES ($1, $2)");
  ASSERT_TRUE((*insert)->run(1, 1).ok());
  EXPECT_EQ((*insert)->run(1, 1).error().code, "database_error.constraint");
  EXPECT_EQ((*insert)->run(2, 0).error().code, "database_error.constraint");
  EXPECT_EQ((*insert)->run(2, nullptr).error().code, "database_error.constraint");
  EXPECT_TRUE((*insert)->run(2, 2).ok());
  EXPECT_EQ(count(*database, "t"), 2);
}

TEST_P(DatabaseTest, ExplainsBrokenSql) {
  auto database = open();
  auto broken = database->prepare("SELEC 1");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "database_error");
  EXPECT_NE(broken.error().text.find("SELEC"), std::string::npos);
  EXPECT_FALSE(database->execute("nonsense").ok());
  EXPECT_TRUE(database->execute("SELECT 1").ok()) << "the connection is as good as before";
}

TEST_P(DatabaseTest, ReadsOneStatementWhileAnotherWrites) {
  auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER); CREATE TABLE u (a INTEGER)").ok());
  ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1), (2), (3)").ok());
  auto select = database->prepare("SELECT a FROM t ORDER BY a");
  auto insert = database->prepare("INSERT INTO u VALUES ($1)");
  ASSERT_TRUE((*select)->start().ok());
  while (*(*select)->next()) ASSERT_TRUE((*insert)->run((*select)->integer(0) * 10).ok());
  EXPECT_EQ(count(*database, "u"), 3);
}

TEST_P(DatabaseTest, GivesANewKeyBack) {
  auto database = open();
  ASSERT_TRUE(database
                  ->execute(GetParam() == Engine::postgres
                                ? "CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a TEXT)"
                                : "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
                  .ok());
  auto insert = database->prepare("INSERT INTO t (a) VALUES ($1) RETURNING id");
  for (int id = 1; id <= 2; ++id) {
    ASSERT_TRUE((*insert)->start("x").ok());
    ASSERT_TRUE(*(*insert)->next());
    EXPECT_EQ((*insert)->integer(0), id);
    EXPECT_FALSE(*(*insert)->next());
  }
}

TEST_P(DatabaseTest, CountsWhatItChanged) {
  auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER)").ok());
  ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1), (2), (3)").ok());
  EXPECT_EQ(database->changes(), 3);
  auto remove = database->prepare("DELETE FROM t WHERE a > $1");
  ASSERT_TRUE((*remove)->run(1).ok());
  EXPECT_EQ(count(*database, "t"), 1);
  EXPECT_EQ(database->changes(), 2) << "a SELECT changes nothing";
}

TEST_P(DatabaseTest, ATransactionRollsBackUnlessCommitted) {
  auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER)").ok());
  {
    auto transaction = Transaction::begin(*database);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)").ok());
  }
  EXPECT_EQ(count(*database, "t"), 0);
  auto transaction = Transaction::begin(*database);
  ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)").ok());
  EXPECT_EQ(database->changes(), 1);
  ASSERT_TRUE(transaction->commit().ok());
  EXPECT_EQ(count(*database, "t"), 1);
}

TEST_P(DatabaseTest, OthersSeeOnlyWhatIsCommitted) {
  auto writer = open();
  ASSERT_TRUE(writer->execute("CREATE TABLE t (a INTEGER)").ok());
  auto reader = open_to_read();
  auto transaction = Transaction::begin(*writer);
  ASSERT_TRUE(writer->execute("INSERT INTO t VALUES (1)").ok());
  EXPECT_EQ(count(*reader, "t"), 0);
  ASSERT_TRUE(transaction->commit().ok());
  EXPECT_EQ(count(*reader, "t"), 1);
  EXPECT_FALSE(reader->execute("INSERT INTO t VALUES (2)").ok());
}

TEST_P(DatabaseTest, QueuedStatementsAreCommittedTogether) {
  auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER PRIMARY KEY)").ok());
  auto transaction = Transaction::begin(*database);
  auto insert = database->prepare("INSERT INTO t VALUES ($1)");
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE((*insert)->queue(i).ok());
  EXPECT_EQ(count(*database, "t"), 1000) << "what follows sees what was queued";
  for (int i = 1000; i < 1050; ++i) ASSERT_TRUE((*insert)->queue(i).ok());
  ASSERT_TRUE(transaction->commit().ok());
  EXPECT_EQ(count(*database, "t"), 1050);
}

TEST_P(DatabaseTest, AFaultOfAQueuedStatementIsToldByCommitAtLast) {
  auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER PRIMARY KEY)").ok());
  {
    auto transaction = Transaction::begin(*database);
    auto insert = database->prepare("INSERT INTO t VALUES ($1)");
    Result<void> outcome;
    for (int i = 0; i < 10 && outcome.ok(); ++i) outcome = (*insert)->queue(i % 5);
    if (outcome) outcome = transaction->commit();
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, "database_error.constraint");
  }
  EXPECT_EQ(count(*database, "t"), 0);
  EXPECT_TRUE(database->execute("INSERT INTO t VALUES (1)").ok());
}

TEST_P(DatabaseTest, UsesMoreStatementsThanItKeeps) {
  auto database = open();
  auto held = database->prepare("SELECT 4711");
  for (int i = 0; i < 300; ++i) {
    auto select = database->prepare("SELECT " + std::to_string(i));
    ASSERT_TRUE(select.ok() && (*select)->start().ok());
    ASSERT_TRUE(*(*select)->next());
    ASSERT_EQ((*select)->integer(0), i);
  }
  ASSERT_TRUE((*held)->start().ok());
  ASSERT_TRUE(*(*held)->next());
  EXPECT_EQ((*held)->integer(0), 4711);
}

}  // namespace
}  // namespace causeway::store
