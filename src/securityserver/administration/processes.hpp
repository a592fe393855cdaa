// SPDX-License-Identifier: MIT
// The processes of a Security Server: signer, administration and proxy.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace causeway::securityserver {

// A Security Server with the directory of docs/security-server.md: becomes the working
// directory, so that the paths of sockets stay short.
Result<void> run_security_server(const std::filesystem::path& directory);

}  // namespace causeway::securityserver
