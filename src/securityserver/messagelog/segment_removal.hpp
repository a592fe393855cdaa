// SPDX-License-Identifier: MIT
// Retention: whole segments go from the beginning of the log, and what went is written
// down first, so that a log that lacks more than that is told from one that was cleaned.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "securityserver/messagelog/log_place.hpp"
#include "securityserver/messagelog/segment_format.hpp"

namespace causeway::securityserver {

// The last segment that was removed, and the chain at its end, with which the first kept
// one goes on.
struct RemovedSegments {
  std::uint64_t last = 0;
  Chain chain{};
};
// Nothing: none was ever removed. io_error also when what is written is not readable.
Result<std::optional<RemovedSegments>> read_removed_segments(const std::string& directory);

struct RemovalReport {
  std::uint64_t segments = 0;    // removed now
  std::uint64_t first_kept = 0;  // record; everything before is gone
};

// Removes what may go: segments all of whose records have ids up to `archived` and are from
// `before` or earlier, up to the first that has not, and never the one being written. Their
// rows in the index go first, or, from a database that is away, when it is there again. What
// a crash leaves, the next call finishes; the log may be in use meanwhile.
Result<RemovalReport> remove_segments(const LogPlace& place, std::uint64_t archived, TimePoint before);

}  // namespace causeway::securityserver
