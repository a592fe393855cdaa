// SPDX-License-Identifier: MIT
#include "centralserver/registry/kept_statements.hpp"

#include <gtest/gtest.h>

#include "unit/store/engines.hpp"

namespace causeway::centralserver {
namespace {

class KeptStatementsTest : public testing::EngineTest {
 protected:
  KeptStatementsTest() : database(keep_statements(open())) {
    EXPECT_TRUE(database->execute("CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)"));
  }
  std::unique_ptr<store::Database> database;
};
CAUSEWAY_ON_BOTH_ENGINES(KeptStatementsTest);

TEST_P(KeptStatementsTest, AStatementBeginsAnewEachTime) {
  const std::string sql = "SELECT a FROM t WHERE a >= $1 ORDER BY a";
  for (int from = 1; from <= 3; ++from) {
    auto select = database->prepare(sql);
    ASSERT_TRUE(select);
    ASSERT_TRUE((*select)->start(from));
    ASSERT_TRUE(*(*select)->next());
    EXPECT_EQ((*select)->integer(0), from) << "what was not read the last time is forgotten";
  }
}

TEST_P(KeptStatementsTest, TheSameTextMayBeReadTwiceAtOnce) {
  const std::string sql = "SELECT a FROM t ORDER BY a";
  auto outer = database->prepare(sql);
  ASSERT_TRUE((*outer)->start());
  int rows = 0;
  while (*(*outer)->next()) {
    auto inner = database->prepare(sql);
    ASSERT_TRUE((*inner)->start());
    while (*(*inner)->next()) ++rows;
  }
  EXPECT_EQ(rows, 9);
}

TEST_P(KeptStatementsTest, IsAsGoodAfterAFault) {
  const std::string sql = "INSERT INTO t VALUES ($1)";
  {
    auto transaction = store::Transaction::begin(*database);
    auto insert = database->prepare(sql);
    EXPECT_EQ((*insert)->run(1).error().code, "database_error.constraint");
  }
  EXPECT_FALSE(database->prepare("SELEC 1").ok());
  auto insert = database->prepare(sql);
  EXPECT_TRUE((*insert)->run(4));
  EXPECT_EQ(database->changes(), 1);
  EXPECT_EQ(count(*database, "t"), 4);
}

TEST_P(KeptStatementsTest, OneIsGivenBackWhileAnotherIsInUse) {
  auto first = database->prepare("SELECT a FROM t ORDER BY a");
  auto second = database->prepare("SELECT a FROM t ORDER BY a");
  first = Fault{"internal_error", ""};
  ASSERT_TRUE((*second)->start());
  EXPECT_TRUE(*(*second)->next());
}

}  // namespace
}  // namespace causeway::centralserver
