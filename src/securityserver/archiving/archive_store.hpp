// SPDX-License-Identifier: MIT
// What the archiver must not forget: up to which record each group is archived, and how
// its chain of archives ends. A SQLite database beside the log, on disk before an archive
// gets its name.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "securityserver/archiving/archiving_settings.hpp"
#include "securityserver/messagelog/log_query.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

// A group of records with archives of its own.
struct ArchiveChain {
  std::string group;      // as group_name gives it
  std::string last_link;  // hexadecimal; empty before the first archive
  std::string last_file;
  std::uint64_t archived_until = 0;  // record
};

// A finished archive that has not got its name yet.
struct PendingArchive {
  std::string temporary, final;  // paths
};

// Used by one thread at a time. Faults: database_error.
class ArchiveStore {
 public:
  // `directory` is that of the log.
  static Result<ArchiveStore> open(const std::string& directory);

  // What tells this log's temporary archives from those of others in the same directory.
  Result<std::string> tag() const;

  Result<ArchiveChain> chain(const std::string& group) const;
  // Together: how the chain goes on, and what is still to be renamed.
  Result<void> add(const ArchiveChain& chain, const PendingArchive& archive);
  Result<std::optional<PendingArchive>> pending() const;
  Result<void> settle();  // what was pending has its name

  // Every record up to there is archived, whatever its group.
  Result<std::uint64_t> archived_until() const;
  Result<void> set_archived_until(std::uint64_t record);
  // Also by a group that is wider or narrower than today's, after the grouping has changed.
  Result<bool> is_archived(const FoundRecord& record) const;

 private:
  explicit ArchiveStore(std::unique_ptr<store::Database> database) : database_(std::move(database)) {}
  std::unique_ptr<store::Database> database_;
};

// Of the log in that directory; 0 when nothing was ever archived.
Result<std::uint64_t> archived_until(const std::string& directory);

// Of an identifier in REST form: "I/C/M" of a subsystem's.
std::string member_of(std::string_view owner);

// Of a record's owner in REST form: "", "member I/C/M" or "subsystem I/C/M/S". The kind is
// part of it because a member can own records itself ("subsystem I/C/M"), and these are not
// all those of its subsystems.
std::string group_name(ArchiveGrouping grouping, std::string_view owner);

}  // namespace causeway::securityserver
