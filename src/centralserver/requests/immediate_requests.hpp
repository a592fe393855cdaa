// SPDX-License-Identifier: MIT
// The kinds of management requests that nobody approves. For this library only.
#pragma once

#include "centralserver/registry/change.hpp"
#include "centralserver/requests/management_request.hpp"

namespace causeway::centralserver {

// Does what is asked for; the request as it will be stored, with what it changed in its comments.
Result<NewRequest> carry_out_at_once(Change& change, NewRequest added);

}  // namespace causeway::centralserver
