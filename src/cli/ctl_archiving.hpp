// SPDX-License-Identifier: MIT
// causeway ctl messagelog archive, archive-status: archives of the message log.
#pragma once

#include "cli/command.hpp"

namespace causeway::cli {

Command archive_command();
Command archive_status_command();

}  // namespace causeway::cli
