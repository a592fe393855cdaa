// SPDX-License-Identifier: MIT
#include "backup/backup_folder.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::backup {
namespace {

using namespace std::chrono_literals;

TEST(BackupFolder, NamesAreXRoads) {
  for (const char* name : {"conf_backup_20260301-100000.gpg", "a.gpg", "a.b-c_D9.gpg"})
    EXPECT_TRUE(is_backup_name(name)) << name;
  for (const char* name : {"", ".gpg", ".a.gpg", "a.tar", "a/b.gpg", "../a.gpg", "a b.gpg", "\xc3\xa4.gpg", "a.gpg\n"})
    EXPECT_FALSE(is_backup_name(name)) << name;
  EXPECT_FALSE(is_backup_name(std::string(252, 'a') + ".gpg"));
  EXPECT_TRUE(std::regex_match(backup_name(now()), std::regex(R"(conf_backup_\d{8}-\d{6}\.gpg)")));
  EXPECT_TRUE(std::regex_match(automatic_backup_name("cs", now()),
                               std::regex(R"(cs-automatic-backup-\d{4}_\d\d_\d\d_\d{6}\.gpg)")));
}

TEST(BackupFolder, KeepsAndForgets) {
  const testing::TemporaryDirectory directory;
  const BackupFolder kept(directory.path() / "backup");
  EXPECT_TRUE(kept.list().empty());
  EXPECT_EQ(kept.remove("a.gpg").error().code, "backup_file_not_found");
  ASSERT_TRUE(kept.store("a.gpg", "1"));
  ASSERT_TRUE(kept.store("b.gpg", "2"));
  EXPECT_EQ(kept.store("../c.gpg", "3").error().code, "invalid_filename");
  ASSERT_TRUE(write_file_atomically(directory.path() / "backup" / "notes.txt", ""));
  std::filesystem::last_write_time(directory.path() / "backup" / "a.gpg",
                                   std::filesystem::file_time_type::clock::now() + 1h);
  ASSERT_EQ(kept.list().size(), 2U);
  EXPECT_EQ(kept.list()[0].name, "a.gpg");
  EXPECT_EQ(*read_file(*kept.find("b.gpg")), "2");
  ASSERT_TRUE(kept.remove("b.gpg"));
  EXPECT_EQ(kept.list().size(), 1U);
}

TEST(BackupFolder, OldAutomaticOnesAreDeletedAndNoOthers) {
  const testing::TemporaryDirectory directory;
  const BackupFolder kept(directory.path());
  for (const char* name : {"cs-automatic-backup-2026_01_01_031500.gpg", "conf_backup_20260101-031500.gpg"}) {
    ASSERT_TRUE(kept.store(name, "old"));
    std::filesystem::last_write_time(directory.path() / name, std::filesystem::file_time_type::clock::now() - 31 * 24h);
  }
  ASSERT_TRUE(kept.store("cs-automatic-backup-2026_02_01_031500.gpg", "new"));
  EXPECT_EQ(kept.remove_automatic("ss", 30 * 24h), 0U);
  EXPECT_EQ(kept.remove_automatic("cs", 30 * 24h), 1U);
  EXPECT_EQ(kept.list().size(), 2U);
}

}  // namespace
}  // namespace causeway::backup
