// SPDX-License-Identifier: MIT
// The processes of a Central Server: its signer, and the centre.
#pragma once

#include <filesystem>

#include "base/exclusive_lock.hpp"
#include "base/result.hpp"

namespace causeway::centralserver {

// A Central Server with the directory of docs/central-server.md: becomes the working directory, so
// that the paths of sockets stay short. Until SIGINT or SIGTERM.
Result<void> run_central_server(const std::filesystem::path& directory);

// Held by whoever runs a server in the directory, or changes it as a whole. io_error when another does.
Result<ExclusiveLock> lock_directory(const std::filesystem::path& directory);
// With the lock: what is decided (backup/restoration.hpp) is done, as soon as its database is there.
Result<void> finish_decided_restore(const std::filesystem::path& directory);

}  // namespace causeway::centralserver
