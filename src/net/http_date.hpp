// SPDX-License-Identifier: MIT
// The date of an answer.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace causeway::net {

// "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate, RFC 9110 section 5.6.7); nothing for any other
// form, which servers have not sent for decades. The day of the week is not held against the date.
std::optional<TimePoint> read_http_date(std::string_view text);

}  // namespace causeway::net
