// SPDX-License-Identifier: MIT
// What a message log takes on disk, and how fast a message is found in it.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "bench/histogram.hpp"

namespace causeway::bench {

struct LogFigures {
  std::uint64_t records = 0;
  double octets_per_record = 0;  // segments, index and time-stamps
  Histogram find;                // both records of a message, by its id, from another process
};

// `directory`: of the log, which may be in use. io_error, database_error; not_found when it is empty.
Result<LogFigures> log_figures(const std::filesystem::path& directory);

}  // namespace causeway::bench
