// SPDX-License-Identifier: MIT
// Retention of the message log: what is archived and older than message-log.keep-records-for
// goes, with its time-stamps.
#pragma once

#include <chrono>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "securityserver/messagelog/segment_removal.hpp"

namespace causeway::securityserver {

// The log may be in use. Whole segments go, so a record may stay for up to a day longer.
// io_error, database_error; what is left goes the next time.
Result<RemovalReport> clean_log(const LogPlace& place, std::chrono::days keep, TimePoint at);

}  // namespace causeway::securityserver
