// SPDX-License-Identifier: MIT
// The backups that a server keeps, in a folder, by X-Road's names (administration.md 7).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::backup {

// Letters, digits, "_", "-" and ".", which does not begin it; ends in ".gpg".
bool is_backup_name(std::string_view name);
// "conf_backup_20260301-100000.gpg", by the clock of this machine's time zone.
std::string backup_name(TimePoint at);
// "cs-automatic-backup-2026_03_01_100000.gpg", with `prefix` "cs".
std::string automatic_backup_name(std::string_view prefix, TimePoint at);

struct KeptBackup {
  std::string name;
  std::filesystem::file_time_type written;
};

class BackupFolder {
 public:
  explicit BackupFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The newest first; other files are none. A folder that is not there is empty.
  std::vector<KeptBackup> list() const;
  // invalid_filename for a name that is none.
  Result<std::filesystem::path> place_of(std::string_view name) const;
  // Of one that is there; else backup_file_not_found.
  Result<std::filesystem::path> find(std::string_view name) const;
  // invalid_backup_file when it cannot be written.
  Result<void> store(std::string_view name, std::string_view content) const;
  // backup_file_not_found, backup_deletion_failed.
  Result<void> remove(std::string_view name) const;
  // Deletes automatic ones that are older. How many.
  std::size_t remove_automatic(std::string_view prefix, std::chrono::hours age) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace causeway::backup
