// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

namespace causeway::cli {

// causeway ctl proxy
Command proxy_command();

}  // namespace causeway::cli
