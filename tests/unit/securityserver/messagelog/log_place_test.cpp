// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_place.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

Result<LogPlace> place_by(const std::string& lines) {
  const testing::TemporaryDirectory directory;
  EXPECT_TRUE(write_file_atomically(directory / "local.ini", "[message-log]\n" + lines).ok());
  const auto parameters = Parameters::load(directory.path());
  EXPECT_TRUE(parameters.ok());
  return LogPlace::from(*parameters, "messagelog");
}

TEST(LogPlace, HasItsIndexBesideTheSegmentsUnlessADatabaseIsNamed) {
  const auto beside = place_by("");
  ASSERT_TRUE(beside.ok());
  EXPECT_EQ(beside->directory, "messagelog");
  EXPECT_FALSE(beside->index_is_remote());
  const auto elsewhere = place_by("index-database = postgresql://causeway@db.example/log\n");
  ASSERT_TRUE(elsewhere.ok());
  EXPECT_TRUE(elsewhere->index_is_remote());
  EXPECT_EQ(elsewhere->index_schema, "messagelog");
  EXPECT_EQ(place_by("index-database = dbname=log\nindex-database-schema = ss1\n")->index_schema, "ss1");
}

TEST(LogPlace, RefusesWhatIsNoConnectionStringWithoutSayingIt) {
  const auto refused = place_by("index-database = host=db password='top secret\n");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "malformed_server_conf");
  EXPECT_EQ(refused.error().text.find("secret"), std::string::npos);
  EXPECT_NE(refused.error().text.find("index-database"), std::string::npos);
}

TEST(LogPlace, RefusesNamesThatAreNoSchemaOfOurs) {
  for (const std::string name : {"pg_catalog", "information_schema", "Upper", "two words", "1st", "a;b", "a\"b"})
    EXPECT_FALSE(place_by("index-database = dbname=log\nindex-database-schema = " + name + "\n").ok()) << name;
  EXPECT_FALSE(place_by("index-database = dbname=log\nindex-database-schema = " + std::string(64, 'a') + "\n").ok());
}

}  // namespace
}  // namespace causeway::securityserver
