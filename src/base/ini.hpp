// SPDX-License-Identifier: MIT
// INI files as X-Road's conf.d holds them: [section], key = value, ';' and '#' comments.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace causeway {

// Keys are "section.key". Later values replace earlier ones. malformed_configuration
// names the line.
Result<std::map<std::string, std::string>> parse_ini(std::string_view text);

}  // namespace causeway
