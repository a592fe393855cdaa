// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

namespace causeway::cli {

// causeway ctl registration: what a Security Server asks of the centre.
Command registration_command();

}  // namespace causeway::cli
