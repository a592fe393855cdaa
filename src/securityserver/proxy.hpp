// SPDX-License-Identifier: MIT
// The proxy process of a Security Server: consumer side, provider side, transport.
#pragma once

#include <string>

namespace causeway::securityserver {

// Runs until SIGTERM or SIGINT. Configuration, global configuration, OCSP responses and
// keys are taken up as they change, within a second and without restart; SIGHUP is heeded by doing nothing. `directory`
// as in docs/security-server-configuration.md. The exit code of the process.
int run_proxy(const std::string& directory);

}  // namespace causeway::securityserver
