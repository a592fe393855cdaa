// SPDX-License-Identifier: MIT
// The backups of a Central Server: made, kept, restored (administration.md 7).
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_folder.hpp"
#include "centralserver/backup/restoration.hpp"
#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {

inline constexpr std::string_view kAutomaticPrefix = "cs";

struct BackupSettings {
  bool encrypts = false;                     // backup-encryption-enabled: to the server's own key
  std::vector<std::string> recipients = {};  // backup-encryption-keyids: and to these
};

// From any thread; one after the other.
class Backups {
 public:
  Backups(RestorePlace place, BackupSettings settings)
      : place_(std::move(place)), settings_(std::move(settings)), kept_(place_.directory / "backup") {}

  const backup::BackupFolder& kept() const { return kept_; }
  const RestorePlace& place() const { return place_; }

  // Its name, or else where it was put. instance_identifier_not_set; io_error with the words of gpg.
  Result<std::string> make(const Registry& registry, std::string name);
  Result<void> make_at(const Registry& registry, const std::filesystem::path& file);
  // Of one that is kept; the server then starts anew. backup_file_not_found, and those of decide_restore.
  Result<void> restore(std::string_view name);

 private:
  const RestorePlace place_;
  const BackupSettings settings_;
  const backup::BackupFolder kept_;
  std::mutex mutex_;
};

// When it is next this time of day by the clock of this machine's time zone, behind `after`.
TimePoint next_time_of_day(TimePoint after, int hour, int minute);

}  // namespace causeway::centralserver
