// SPDX-License-Identifier: MIT
// Times and faults in the JSON files by which a server's processes tell how they fare.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/fault.hpp"

namespace causeway::status_json {

// ISO 8601 with milliseconds, or null.
boost::json::value from(const std::optional<TimePoint>& time);
// {"code", "text"}, or null.
boost::json::value from(const std::optional<Fault>& fault);

// What the above wrote as the member `name`; an exception for anything else.
std::optional<TimePoint> time_in(const boost::json::object& object, std::string_view name);
std::optional<Fault> fault_in(const boost::json::object& object, std::string_view name);

}  // namespace causeway::status_json
