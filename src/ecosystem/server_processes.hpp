// SPDX-License-Identifier: MIT
// The processes of a Security Server, as its supervisor tells them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>

namespace causeway::ecosystem {

// "signer", "admin" and "proxy" by name, those that run now. `server` is its directory.
std::map<std::string, pid_t> server_processes(const std::filesystem::path& server);

// Has a process look at once at what it would look at in its time.
void hasten(const std::filesystem::path& server, const std::string& process);

}  // namespace causeway::ecosystem
