// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace causeway::ecosystem {

// Whose names, codes and addresses the sample registers hold.
enum class Country { estonia, finland };

inline std::string_view country_code(Country country) { return country == Country::estonia ? "EE" : "FI"; }

}  // namespace causeway::ecosystem
