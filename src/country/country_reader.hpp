// SPDX-License-Identifier: MIT
// The file that describes a country (docs/configuration-as-code.md).
#pragma once

#include <functional>
#include <string>

#include "country/country.hpp"

namespace causeway::country {

inline constexpr std::size_t kCountryFileLimit = 256UL << 20;
inline constexpr std::size_t kAttachedFileLimit = 10UL << 20;  // what the admin API takes

inline constexpr std::string_view kMalformed = "malformed_country";

// What a file beside it holds, by the path that stands in it.
using ReadAttached = std::function<Result<std::string>(const std::string& path)>;

// malformed_country, "<name>:<line>:<column>: reason": unknown and repeated keys, wrong types,
// values that a Central Server would refuse, and what refers to something that is not there.
Result<Country> read_country(const std::string& text, const std::string& name, const ReadAttached& read_attached);

// The file and those it names, whose paths begin where it lies.
Result<Country> load_country(const std::string& file);

}  // namespace causeway::country
