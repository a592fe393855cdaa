// SPDX-License-Identifier: MIT
// A country with everything that a file can say.
#pragma once

#include <string>

#include "country/country.hpp"
#include "country/country_reader.hpp"

namespace causeway::country {

inline ClientId client(const std::string& short_name) { return *ClientId::parse_rest("EX/" + short_name); }

const std::string& sample_anchor();  // of the instance EY
Country sample_country();
// As read_country() reads it back, from its own text.
Result<Country> read_again(const Country& country);

}  // namespace causeway::country
