// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

namespace causeway::cli {

// causeway ctl registration status: how far the registrations of a Security Server are.
Command registration_status_command();

}  // namespace causeway::cli
