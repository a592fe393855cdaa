// SPDX-License-Identifier: MIT
// Archives what is time-stamped: each record once, in the order of the log, group by
// group. What was archived is known before an archive gets its name, so that neither a
// crash nor a kill at any moment makes one twice or leaves one out.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "securityserver/archiving/archive_file.hpp"
#include "securityserver/archiving/archive_room.hpp"
#include "securityserver/messagelog/record_reader.hpp"

namespace causeway::securityserver {

struct ArchivingReport {
  std::uint64_t archives = 0, records = 0;
  std::uint64_t damaged = 0;         // records that damage to the log has cost, and that are passed over
  std::uint64_t archived_until = 0;  // record
  std::optional<Fault> transfer;     // why the last run of the transfer command failed
};

class Archiver {
 public:
  Archiver(ArchivingSettings settings, LogPlace log, std::shared_ptr<const MessageCipher> cipher)
      : settings_(std::move(settings)), log_(std::move(log)), cipher_(std::move(cipher)) {}

  // Until all that is time-stamped is archived, or `keep_going`, which is asked often, says
  // no. Reads and writes files in the calling thread, and gives way to others that want the
  // processor. mlog.archive_disk_full when too little
  // room is left for the log; key_not_found, database_error, io_error, also when another
  // archiver is at work. What was finished before stays.
  Result<ArchivingReport> run(const std::function<bool()>& keep_going);

 private:
  class Run;
  const ArchivingSettings settings_;
  const LogPlace log_;
  const std::shared_ptr<const MessageCipher> cipher_;
};

}  // namespace causeway::securityserver
