// SPDX-License-Identifier: MIT
#include "store/sqlite.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <limits>
#include <string>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::store {
namespace {

using testing::TemporaryDirectory;

std::unique_ptr<Database> opened(const std::string& path, SqliteOptions options = {}) {
  auto database = open_sqlite(path, options);
  EXPECT_TRUE(database.ok()) << (database.ok() ? "" : database.error().text);
  return database.ok() ? *std::move(database) : nullptr;
}

std::int64_t count(Database& database, const std::string& table) {
  auto select = database.prepare("SELECT COUNT(*) FROM " + table);
  if (!select || !(*select)->start().ok() || !(*select)->next().ok()) return -1;
  return (*select)->integer(0);
}

TEST(Sqlite, GivesBackWhatWasStored) {
  auto database = opened(":memory:");
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER, b REAL, c TEXT, d BLOB, e TEXT)").ok());
  auto insert = database->prepare("INSERT INTO t VALUES ($1, $2, $3, $4, $5)");
  ASSERT_TRUE(insert.ok());
  const Bytes octets{0, 1, 255, 0};
  const std::string text("a\0b\xc3\xa4", 5);
  ASSERT_TRUE((*insert)->run(std::numeric_limits<std::int64_t>::min(), 0.5, text, octets, nullptr).ok());

  auto select = database->prepare("SELECT a, b, c, d, e FROM t");
  ASSERT_TRUE(select.ok());
  ASSERT_TRUE((*select)->start().ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ((*select)->real(1), 0.5);
  EXPECT_EQ((*select)->text(2), text);
  EXPECT_EQ(Bytes((*select)->octets(3).begin(), (*select)->octets(3).end()), octets);
  EXPECT_TRUE((*select)->is_null(4));
  EXPECT_EQ((*select)->text(4), "");
  EXPECT_FALSE(*(*select)->next());
}

TEST(Sqlite, TellsEmptyFromNull) {
  auto database = opened(":memory:");
  auto select = database->prepare("SELECT $1, $2, $3");
  ASSERT_TRUE((*select)->start("", Bytes{}, nullptr).ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_FALSE((*select)->is_null(0));
  EXPECT_FALSE((*select)->is_null(1));
  EXPECT_TRUE((*select)->is_null(2));
}

TEST(Sqlite, TakesNumberedParametersInAnyOrderAndMoreThanOnce) {
  auto database = opened(":memory:");
  auto select = database->prepare("SELECT $2 || $1 || $2");
  ASSERT_TRUE((*select)->start("one", "two").ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->text(0), "twoonetwo");
}

TEST(Sqlite, RefusesTooFewParameters) {
  auto database = opened(":memory:");
  auto select = database->prepare("SELECT $1, $2");
  EXPECT_EQ((*select)->start("one").error().code, "database_error");
}

TEST(Sqlite, NamesABrokenConstraint) {
  auto database = opened(":memory:");
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER PRIMARY KEY)").ok());
  auto insert = database->prepare("INSERT INTO t VALUES ($1)");
  ASSERT_TRUE((*insert)->run(1).ok());
  EXPECT_EQ((*insert)->run(1).error().code, "database_error.constraint");
  EXPECT_TRUE((*insert)->run(2).ok());
  EXPECT_EQ(count(*database, "t"), 2);
}

TEST(Sqlite, ExplainsBrokenSql) {
  auto database = opened(":memory:");
  auto broken = database->prepare("SELEC 1");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "database_error");
  EXPECT_NE(broken.error().text.find("SELEC"), std::string::npos);
  EXPECT_FALSE(database->execute("nonsense").ok());
}

TEST(Sqlite, RefusesAFileThatIsNoDatabase) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "x.db", std::string(4096, 'x')).ok());
  EXPECT_FALSE(open_sqlite(directory / "x.db").ok());
  EXPECT_FALSE(open_sqlite(directory / "absent/x.db").ok());
}

TEST(Sqlite, KeepsTheFileFromOthers) {
  const TemporaryDirectory directory;
  auto database = opened(directory / "x.db");
  ASSERT_TRUE(database->execute("CREATE TABLE t (a)").ok());
  for (const char* name : {"x.db", "x.db-wal"}) {
    struct stat info{};
    ASSERT_EQ(::stat((directory / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << name;
  }
}

TEST(Transaction, RollsBackUnlessCommitted) {
  auto database = opened(":memory:");
  ASSERT_TRUE(database->execute("CREATE TABLE t (a)").ok());
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

TEST(Sqlite, ReaderSeesOnlyWhatIsCommitted) {
  const TemporaryDirectory directory;
  auto writer = opened(directory / "x.db");
  ASSERT_TRUE(writer->execute("CREATE TABLE t (a)").ok());
  auto reader = opened(directory / "x.db", {.read_only = true});
  auto transaction = Transaction::begin(*writer);
  ASSERT_TRUE(writer->execute("INSERT INTO t VALUES (1)").ok());
  EXPECT_EQ(count(*reader, "t"), 0);
  ASSERT_TRUE(transaction->commit().ok());
  EXPECT_EQ(count(*reader, "t"), 1);
  EXPECT_FALSE(reader->execute("INSERT INTO t VALUES (2)").ok());
}

TEST(Sqlite, SecondWriterIsToldThatTheDatabaseIsLocked) {
  const TemporaryDirectory directory;
  auto first = opened(directory / "x.db");
  auto second = opened(directory / "x.db", {.busy_timeout = std::chrono::milliseconds{1}});
  auto transaction = Transaction::begin(*first);
  ASSERT_TRUE(transaction.ok());
  auto refused = Transaction::begin(*second);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find("locked"), std::string::npos);
  transaction->roll_back();
  EXPECT_TRUE(Transaction::begin(*second).ok());
}

}  // namespace
}  // namespace causeway::store
