// SPDX-License-Identifier: MIT
#include "store/postgres.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <string>

#include "support/postgres_server.hpp"

namespace causeway::store {
namespace {

using testing::PostgresServer;
using namespace std::chrono_literals;

std::unique_ptr<Database> opened(const std::string& connection, const PostgresOptions& options = {}) {
  auto database = open_postgres(connection, options);
  EXPECT_TRUE(database.ok()) << (database.ok() ? "" : database.error().text);
  return database.ok() ? *std::move(database) : nullptr;
}

std::int64_t number(Database& database, std::string_view sql) {
  auto select = database.prepare(sql);
  if (!select || !(*select)->start().ok() || !*(*select)->next()) return -1;
  return (*select)->integer(0);
}

// A server whose outages disturb no other case.
class PostgresOutage : public ::testing::Test {
 protected:
  PostgresServer server_;
};

TEST(Postgres, RefusesATextWithANul) {
  auto database = opened(PostgresServer::shared().new_database());
  auto select = database->prepare("SELECT CAST($1 AS TEXT)");
  EXPECT_EQ((*select)->start(std::string("a\0b", 3)).error().code, "database_error");
  EXPECT_TRUE((*select)->start("ab").ok());
}

TEST(Postgres, CommitOfAFailedTransactionIsAFault) {
  auto database = opened(PostgresServer::shared().new_database());
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER PRIMARY KEY)").ok());
  auto transaction = Transaction::begin(*database);
  ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)").ok());
  ASSERT_FALSE(database->execute("INSERT INTO t VALUES (1)").ok());
  const auto committed = transaction->commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_NE(committed.error().text.find("nothing was committed"), std::string::npos);
  transaction->roll_back();
  EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM t"), 0);
}

TEST(Postgres, KeepsSchemasApart) {
  const std::string connection = PostgresServer::shared().new_database();
  auto one = opened(connection, {.schema = "one"}), other = opened(connection, {.schema = "an \"other\""});
  ASSERT_TRUE(one->execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)").ok());
  ASSERT_TRUE(other->execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (2)").ok());
  EXPECT_EQ(number(*opened(connection, {.schema = "one", .read_only = true}), "SELECT a FROM t"), 1);
  EXPECT_EQ(number(*opened(connection, {.schema = "an \"other\"", .read_only = true}), "SELECT a FROM t"), 2);
  auto absent = opened(connection, {.schema = "absent", .read_only = true});
  EXPECT_FALSE(absent->prepare("SELECT a FROM t").ok());
}

TEST(Postgres, NamesAConflictOfTransactionsBusy) {
  const std::string connection = PostgresServer::shared().new_database();
  auto one = opened(connection), other = opened(connection);
  ASSERT_TRUE(one->execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)").ok());
  ASSERT_TRUE(one->execute("BEGIN ISOLATION LEVEL SERIALIZABLE").ok());
  ASSERT_EQ(number(*one, "SELECT a FROM t"), 1);
  ASSERT_TRUE(other->execute("UPDATE t SET a = 2").ok());
  const auto refused = one->execute("UPDATE t SET a = 3");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "database_error.busy") << refused.error().text;
  EXPECT_TRUE(is_temporary(refused.error()));
  EXPECT_TRUE(one->execute("ROLLBACK").ok());
}

TEST(Postgres, WaitsForALockOnlySoLong) {
  const std::string connection = PostgresServer::shared().new_database();
  auto one = opened(connection), other = opened(connection, {.lock_timeout = 50ms});
  ASSERT_TRUE(one->execute("CREATE TABLE t (a INTEGER)").ok());
  auto transaction = Transaction::begin(*one);
  ASSERT_TRUE(one->execute("LOCK TABLE t").ok());
  EXPECT_EQ(other->execute("INSERT INTO t VALUES (1)").error().code, "database_error.busy");
  transaction->roll_back();
  EXPECT_TRUE(other->execute("INSERT INTO t VALUES (1)").ok());
}

TEST(Postgres, EndsAStatementThatTakesTooLong) {
  auto database = opened(PostgresServer::shared().new_database(), {.statement_timeout = 100ms});
  EXPECT_EQ(database->execute("SELECT pg_sleep(600)").error().code, "database_error.timeout");
  EXPECT_EQ(number(*database, "SELECT 7"), 7);
}

TEST(Postgres, GivesUpAServerThatHangs) {
  const std::string connection = PostgresServer::shared().new_database();
  auto database = opened(connection, {.statement_timeout = 100ms});
  const auto backend = static_cast<pid_t>(number(*database, "SELECT pg_backend_pid()"));
  ASSERT_GT(backend, 1);
  ASSERT_EQ(::kill(backend, SIGSTOP), 0);
  EXPECT_EQ(database->execute("SELECT 1").error().code, "database_error.unavailable");
  ::kill(backend, SIGCONT);
  EXPECT_EQ(database->execute("SELECT 1").error().code, "database_error.unavailable") << "lost for good";
  EXPECT_TRUE(opened(connection)->execute("SELECT 1").ok());
}

TEST(Postgres, SaysThatADatabaseIsNotThere) {
  const std::string connection =
      "user=causeway dbname=absent host=" + PostgresServer::shared().socket_directory().string();
  const auto refused = open_postgres(connection);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(is_unavailable(refused.error()));
  EXPECT_NE(refused.error().text.find("\"absent\" does not exist"), std::string::npos) << refused.error().text;
}

TEST(Postgres, NeverRepeatsAPassword) {
  const std::string socket = PostgresServer::shared().socket_directory().string();
  for (const std::string& connection :
       {"host=" + socket + " user=causeway dbname=absent password=tell-nobody",
        std::string("postgresql://causeway:tell-nobody@127.0.0.1:1/absent"),
        std::string("host=127.0.0.1 password=unquoted tell-nobody"), std::string("password='tell-nobody"),
        std::string("postgresql://causeway:tell-nobody%zz@127.0.0.1/x"), std::string("tell-nobody")}) {
    const auto refused = open_postgres(connection);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().text.find("tell-nobody"), std::string::npos) << refused.error().text;
  }
}

TEST_F(PostgresOutage, ALostConnectionStaysLostAndANewOneWorks) {
  const std::string connection = server_.new_database();
  auto database = opened(connection);
  ASSERT_TRUE(database->execute("CREATE TABLE t (a INTEGER)").ok());
  auto insert = database->prepare("INSERT INTO t VALUES ($1)");
  auto transaction = Transaction::begin(*database);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE((*insert)->queue(i).ok());
  server_.stop();
  EXPECT_EQ(transaction->commit().error().code, "database_error.unavailable");
  EXPECT_EQ((*insert)->run(1).error().code, "database_error.unavailable");
  EXPECT_EQ(database->prepare("SELECT 1").error().code, "database_error.unavailable");
  EXPECT_EQ(open_postgres(connection).error().code, "database_error.unavailable");
  server_.start();
  EXPECT_EQ(database->execute("SELECT 1").error().code, "database_error.unavailable");
  EXPECT_EQ(number(*opened(connection), "SELECT COUNT(*) FROM t"), 0) << "nothing was committed";
}

TEST_F(PostgresOutage, WaitsForAConnectionOnlySoLong) {
  const std::string connection = server_.new_database();
  server_.freeze();
  EXPECT_EQ(open_postgres(connection, {.connect_timeout = 2s}).error().code, "database_error.unavailable");
  server_.thaw();
  EXPECT_TRUE(open_postgres(connection).ok());
}

}  // namespace
}  // namespace causeway::store
