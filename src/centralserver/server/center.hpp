// SPDX-License-Identifier: MIT
// The process of a Central Server beside its signer: the administration interface, the generation
// of the configuration, and the web server that gives it out.
#pragma once

#include <string>

#include "base/result.hpp"
#include "centralserver/server/settings.hpp"

namespace causeway::centralserver {

// Serves until SIGINT or SIGTERM; SIGHUP makes the configuration at once. `version` is that of the
// program. io_error when another one runs in the directory, or a port is taken;
// malformed_configuration, database_error.
Result<void> run_center(const CentralServerSettings& settings, std::string version);

}  // namespace causeway::centralserver
