// SPDX-License-Identifier: MIT
// The processes of a Central Server: its signer, and the centre.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace causeway::centralserver {

// A Central Server with the directory of docs/central-server.md: becomes the working directory, so
// that the paths of sockets stay short. Until SIGINT or SIGTERM.
Result<void> run_central_server(const std::filesystem::path& directory);

}  // namespace causeway::centralserver
