// SPDX-License-Identifier: MIT
// Values of XML Schema's types, from the text of an element. White space around a value is
// passed over; nothing for what is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace causeway::globalconf {

std::string_view collapsed(std::string_view text);
std::optional<bool> to_boolean(std::string_view text);
std::optional<std::int64_t> to_integer(std::string_view text);
// A dateTime of XML Schema may lack its offset; it is taken as UTC then.
std::optional<TimePoint> to_date_time(std::string_view text);

}  // namespace causeway::globalconf
