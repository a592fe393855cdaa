// SPDX-License-Identifier: MIT
// causeway ctl timestamping: how the time-stamping of the message log fares.
#pragma once

#include "cli/command.hpp"

namespace causeway::cli {

Command timestamping_command();

}  // namespace causeway::cli
