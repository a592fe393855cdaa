// SPDX-License-Identifier: MIT
// The administration process of a Security Server: what has to be done from time to time
// and never on the way of a message. Downloads the global configuration, fetches OCSP
// responses, time-stamps, archives and cleans the message log; an outage of it is survived
// for as long as what it fetched stays valid, and as time-stamps may be missing.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace causeway::securityserver {

// Runs until SIGTERM or SIGINT; SIGHUP makes it fetch and time-stamp at once, SIGUSR1 only time-stamp. `directory`
// becomes the working directory. What it finds stands in run/admin-status.json, from its
// start on, run/timestamping-status.json and run/archiving-status.json. malformed_server_conf.
Result<void> run_admin(const std::filesystem::path& directory);

}  // namespace causeway::securityserver
