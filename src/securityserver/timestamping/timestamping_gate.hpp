// SPDX-License-Identifier: MIT
// Whether messages may be logged although their time-stamps are missing (evidence.md
// section 3): time-stamping stands beside the way of a message until it has failed for
// longer than the administrator accepts.
#pragma once

#include <atomic>
#include <filesystem>

#include "securityserver/configuration/configuration_holder.hpp"
#include "securityserver/timestamping/timestamping_settings.hpp"
#include "securityserver/timestamping/timestamping_status.hpp"

namespace causeway::securityserver {

class TimestampingGate {
 public:
  // `status_file` is written by another process and may be missing.
  TimestampingGate(const TimestampingSettings& settings, const ConfigurationHolder& configuration,
                   std::filesystem::path status_file, TimePoint start);

  // mlog.no_timestamping_provider_found, timestamping_failed. From any thread; looks at no file.
  Result<void> check(TimePoint at) const;
  // Looks at the file. On one thread.
  void refresh();

 private:
  const bool immediately_;
  const std::chrono::seconds period_;
  const ConfigurationHolder& configuration_;
  const std::filesystem::path status_file_;
  std::string seen_;              // content of the file
  std::atomic<TimePoint> alive_;  // when the administration last told anything
  std::atomic<TimePoint> failing_since_{TimePoint::max()};
};

}  // namespace causeway::securityserver
