// SPDX-License-Identifier: MIT
// How archiving and cleaning stand, for whoever runs the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::securityserver {

// In a server's directory.
inline constexpr std::string_view kArchivingStatusFile = "run/archiving-status.json";

struct ArchivingStatus {
  struct Task {
    bool running = false;
    std::optional<TimePoint> last_run{}, last_success{}, next_run{};
    std::optional<Fault> fault{};  // of the last run
  };
  TimePoint updated{};
  Task archiving, cleaning;
  std::uint64_t archived_until = 0;  // record
  std::uint64_t archives = 0;        // since the process began
  std::uint64_t damaged = 0;         // records passed over, since the process began
  std::optional<Fault> transfer{};   // of the last run of the transfer command
  std::uint64_t first_kept = 0;      // record; 0: nothing was removed since the process began
};

// {"updated", "archiving": {"running", "last_run", "last_success", "next_run", "fault":
// {"code", "text"}, "archived_until", "archives", "damaged_records", "transfer_fault"},
// "cleaning": {"running", ..., "fault", "first_kept"}}. Times in ISO 8601 or null.
std::string to_json(const ArchivingStatus& status);
// invalid_message for anything else.
Result<ArchivingStatus> read_archiving_status(std::string_view text);

}  // namespace causeway::securityserver
