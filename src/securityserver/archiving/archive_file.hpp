// SPDX-License-Identifier: MIT
// One archive while it is written: a ZIP file of containers that ends with the links
// between them (evidence.md 4.5), under a temporary name.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "evidence/linking_info.hpp"
#include "evidence/zip_writer.hpp"
#include "securityserver/archiving/archive_store.hpp"
#include "securityserver/archiving/archiving_settings.hpp"
#include "securityserver/archiving/record_container.hpp"

namespace causeway::securityserver {

// "tmp-mlog-<tag>-....tmp": an archive that is not finished. `tag`: of the log, so that
// nobody removes what others are writing in the same directory.
std::string temporary_archive_name(const std::string& tag);
bool is_temporary_archive(const std::string& file_name, const std::string& tag);

class ArchiveFile {
 public:
  // `temporary`: its name until it is finished. `group`: nothing when all records are in
  // one. `settings` outlives this. io_error.
  static Result<std::unique_ptr<ArchiveFile>> begin(const ArchivingSettings& settings, const std::string& temporary,
                                                    std::optional<ClientId> group, const ArchiveChain& chain,
                                                    const std::function<bool()>& keep_going);
  // Removes it unless it was finished.
  virtual ~ArchiveFile() = default;

  // Also a fault soon after `keep_going` says no, and mlog.archive_disk_full while there is
  // room for the log still.
  virtual Result<void> add(const LogRecord& record, const TimestampEvidence& timestamp) = 0;
  // Of the containers so far.
  virtual std::uint64_t size() const = 0;
  virtual std::uint64_t records() const = 0;
  // Everything is on disk when this returns, and stays there. The chain goes on with what
  // it gives.
  virtual Result<PendingArchive> finish(ArchiveChain& chain) = 0;
};

}  // namespace causeway::securityserver
