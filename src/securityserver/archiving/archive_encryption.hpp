// SPDX-License-Identifier: MIT
// Signed and encrypted by the program gpg, with X-Road's options (evidence.md 4.5).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "securityserver/archiving/child_program.hpp"

namespace causeway::securityserver {

// What is written to it arrives encrypted in `output`. `recipients`: key ids; none: the
// key pair that signs. It is ended soon after `keep_going` says no.
Result<ChildProgram> start_encryption(const std::filesystem::path& home, const std::vector<std::string>& recipients,
                                      const std::string& output, std::function<bool()> keep_going);

}  // namespace causeway::securityserver
