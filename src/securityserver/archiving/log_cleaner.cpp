// SPDX-License-Identifier: MIT
#include "securityserver/archiving/log_cleaner.hpp"

#include "base/log.hpp"
#include "securityserver/archiving/archive_store.hpp"
#include "securityserver/timestamping/timestamp_store.hpp"

namespace causeway::securityserver {

Result<RemovalReport> clean_log(const LogPlace& place, std::chrono::days keep, TimePoint at) {
  const std::string& directory = place.directory;
  auto archived = archived_until(directory);
  if (!archived) return archived.error();
  if (*archived == 0) return RemovalReport{};
  auto report = remove_segments(place, *archived, at - keep);
  if (!report) return report;
  if (report->segments > 0)
    log::info("message log: {} segments removed, it begins with record {} now", report->segments, report->first_kept);
  if (!TimestampStore::exists(directory)) return report;
  auto timestamps = TimestampStore::open(directory, false);
  if (!timestamps) return timestamps.error();
  if (auto removed = timestamps->remove_before(report->first_kept); !removed) return removed.error();
  return report;
}

}  // namespace causeway::securityserver
