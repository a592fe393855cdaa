// SPDX-License-Identifier: MIT
// Time of day, and its ISO 8601 text.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace causeway {

using TimePoint = std::chrono::system_clock::time_point;

// Where a rule depends on the time, it takes a TimePoint; only the borders ask.
inline TimePoint now() { return std::chrono::system_clock::now(); }

std::int64_t to_unix_millis(TimePoint time);
// What a TimePoint cannot hold (before 1678, after 2262) becomes its first or last moment.
TimePoint from_unix_millis(std::int64_t millis);

// "2026-03-01T10:00:00Z"
std::string to_iso_seconds(TimePoint time);
// "2026-03-01T10:00:00.123Z"
std::string to_iso_millis(TimePoint time);
// Date, time with optional fraction, and an offset ("Z" or "+02:00"), which is
// required. invalid_encoding otherwise. Years far off as in from_unix_millis.
Result<TimePoint> parse_iso(std::string_view text);

}  // namespace causeway
