// SPDX-License-Identifier: MIT
#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include <array>

#include "store/sqlite.hpp"

namespace causeway::store {
namespace {

constexpr std::array kFirst{Migration{1, "people", "CREATE TABLE person (name TEXT)"}};
constexpr std::array kBoth{Migration{1, "people", "CREATE TABLE person (name TEXT)"},
                           Migration{2, "age", "ALTER TABLE person ADD COLUMN age INTEGER"}};

TEST(Migrations, AreAppliedOnceEach) {
  auto database = *open_sqlite(":memory:");
  ASSERT_TRUE(migrate(*database, kFirst).ok());
  ASSERT_TRUE(database->execute("INSERT INTO person VALUES ('Ada')").ok());
  ASSERT_TRUE(migrate(*database, kBoth).ok());
  ASSERT_TRUE(migrate(*database, kBoth).ok());
  EXPECT_TRUE(database->execute("UPDATE person SET age = 36").ok());
}

TEST(Migrations, AFailedOneLeavesTheSchemaAsItWas) {
  auto database = *open_sqlite(":memory:");
  ASSERT_TRUE(migrate(*database, kFirst).ok());
  constexpr std::array broken{kFirst[0], Migration{2, "broken", "CREATE TABLE half (a); CREATE TABLE person (b)"}};
  auto failed = migrate(*database, broken);
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().text.find("migration 2 broken"), std::string::npos);
  EXPECT_TRUE(database->execute("CREATE TABLE half (a)").ok()) << "the first statement was rolled back";
}

TEST(Migrations, RefuseADatabaseOfANewerProgram) {
  auto database = *open_sqlite(":memory:");
  ASSERT_TRUE(migrate(*database, kBoth).ok());
  auto refused = migrate(*database, kFirst);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find("newer version"), std::string::npos);
}

TEST(Migrations, RefuseAGapInTheNumbers) {
  auto database = *open_sqlite(":memory:");
  constexpr std::array gap{kFirst[0], Migration{3, "gap", "SELECT 1"}};
  EXPECT_FALSE(migrate(*database, gap).ok());
}

}  // namespace
}  // namespace causeway::store
