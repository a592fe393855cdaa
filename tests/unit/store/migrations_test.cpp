// SPDX-License-Identifier: MIT
#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "unit/store/engines.hpp"

namespace causeway::store {
namespace {

constexpr std::array kFirst{Migration{1, "people", "CREATE TABLE person (name TEXT)"}};
constexpr std::array kBoth{Migration{1, "people", "CREATE TABLE person (name TEXT)"},
                           Migration{2, "age", "ALTER TABLE person ADD COLUMN age INTEGER"}};

class Migrations : public testing::EngineTest {};
CAUSEWAY_ON_BOTH_ENGINES(Migrations);

TEST_P(Migrations, AreAppliedOnceEach) {
  auto database = open();
  ASSERT_TRUE(migrate(*database, kFirst).ok());
  ASSERT_TRUE(database->execute("INSERT INTO person VALUES ('Ada')").ok());
  ASSERT_TRUE(migrate(*database, kBoth).ok());
  ASSERT_TRUE(migrate(*database, kBoth).ok());
  EXPECT_TRUE(database->execute("UPDATE person SET age = 36").ok());
}

TEST_P(Migrations, AFailedOneLeavesTheSchemaAsItWas) {
  auto database = open();
  ASSERT_TRUE(migrate(*database, kFirst).ok());
  constexpr std::array broken{kFirst[0],
                              Migration{2, "broken", "CREATE TABLE half (a TEXT); CREATE TABLE person (b TEXT)"}};
  auto failed = migrate(*database, broken);
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().text.find("migration 2 broken"), std::string::npos);
  EXPECT_TRUE(database->execute("CREATE TABLE half (a TEXT)").ok()) << "the first statement was rolled back";
}

TEST_P(Migrations, RefuseADatabaseOfANewerProgram) {
  auto database = open();
  ASSERT_TRUE(migrate(*database, kBoth).ok());
  auto refused = migrate(*database, kFirst);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find("newer version"), std::string::npos);
}

TEST_P(Migrations, TakeTheWordsOfTheEngine) {
  auto database = open();
  constexpr std::array words{
      Migration{1, "octets", "CREATE TABLE picture (content BLOB)", "CREATE TABLE picture (content BYTEA)"}};
  const auto done = migrate(*database, words);
  ASSERT_TRUE(done.ok()) << done.error().text;
  EXPECT_EQ(count(*database, "picture"), 0);
}

TEST_P(Migrations, OfProcessesThatStartAtOnceAreAppliedOnce) {
  std::vector<std::thread> processes;
  for (int i = 0; i < 4; ++i)
    processes.emplace_back([this] {
      auto database = open();
      if (!database) return;
      const auto done = migrate(*database, kBoth);
      EXPECT_TRUE(done.ok()) << done.error().text;
    });
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(count(*open(), "schema_migration"), 2);
}

TEST_P(Migrations, RefuseAGapInTheNumbers) {
  auto database = open();
  constexpr std::array gap{kFirst[0], Migration{3, "gap", "SELECT 1"}};
  EXPECT_FALSE(migrate(*database, gap).ok());
}

}  // namespace
}  // namespace causeway::store
