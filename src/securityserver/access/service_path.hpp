// SPDX-License-Identifier: MIT
// The path of a REST call as access rights see it (messages.md section 8).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace causeway::securityserver {

// `raw` is what follows the service code, without the query. Decoded once, taken as a URI
// (so that an encoded '?' or '#' ends it), dot segments resolved, decoded again.
// internal_error where X-Road fails.
//
// Two leading slashes are kept, where X-Road would take the first segment for a host name
// and lose it: is_misleading() tells, and such a path has no rights.
Result<std::string> normalise_service_path(std::string_view raw);

// Holds "..", or begins with "//".
bool is_misleading(std::string_view normalised);

}  // namespace causeway::securityserver
