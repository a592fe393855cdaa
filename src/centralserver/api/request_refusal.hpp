// SPDX-License-Identifier: MIT
// With which status a management request is refused.
#pragma once

#include <optional>

#include "base/fault.hpp"
#include "centralserver/requests/management_request.hpp"

namespace causeway::centralserver {

// That of addManagementRequest in the description; nothing for what should not happen. Some
// codes have another status with some types.
std::optional<int> status_of_refusal(RequestType type, const Fault& why);

}  // namespace causeway::centralserver
