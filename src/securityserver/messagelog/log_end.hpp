// SPDX-License-Identifier: MIT
// How far a log is on disk, in the file "end" beside its segments: what other processes may
// read of a log that is being written, whether the index is there or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "securityserver/messagelog/open_file.hpp"
#include "securityserver/messagelog/segment_format.hpp"

namespace causeway::securityserver {

struct LogEnd {
  Position position;          // everything before is on disk and stays
  std::uint64_t last_id = 0;  // of the last record before it; 0: there is none
};

// Of the process that writes the log; one thread. The file is never flushed: what a power
// cut leaves of it is an earlier end, or nothing until the log is opened again.
class LogEndFile {
 public:
  static Result<LogEndFile> open(const std::string& directory);
  Result<void> write(const LogEnd& end) const;

 private:
  explicit LogEndFile(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
};

// Nothing: the log was never opened to be written, or not since a power cut.
Result<std::optional<LogEnd>> read_log_end(const std::string& directory);

}  // namespace causeway::securityserver
