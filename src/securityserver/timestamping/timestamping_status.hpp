// SPDX-License-Identifier: MIT
// How time-stamping fares: the administration writes it as a file, the proxy decides by
// it whether messages may still be logged, and diagnostics show it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "securityserver/timestamping/service_breaker.hpp"

namespace causeway::securityserver {

// In a server's directory.
inline constexpr std::string_view kTimestampingStatusFile = "run/timestamping-status.json";

struct TimestampingStatus {
  TimePoint updated{};
  std::optional<TimePoint> last_success;   // a round that stamped something, or found nothing to do
  std::optional<TimePoint> failing_since;  // the first failure after a success
  std::optional<Fault> fault;              // of the latest round; with failing_since
  std::uint64_t waiting = 0;               // records without a time-stamp
  std::optional<TimePoint> next_round;
  std::chrono::seconds interval{0};                   // between rounds, while all goes well
  std::chrono::seconds acceptable_failure_period{0};  // 0: messages never wait for time-stamps
  std::vector<TimestampingServiceState> services;

  // When messages will be refused, if nothing changes; the past: they are.
  std::optional<TimePoint> refused_from() const;
};

// {"updated", "last_success", "failing_since", "refused_from", "fault": {"code", "text"},
// "waiting", "next_round", "interval", "acceptable_failure_period", "services": [{"url",
// "last_success", "last_failure", "fault", "resting_until"}]}. Times in ISO 8601 or null,
// periods in seconds.
std::string to_json(const TimestampingStatus& status);
// invalid_message for anything else.
Result<TimestampingStatus> read_timestamping_status(std::string_view text);

}  // namespace causeway::securityserver
