// SPDX-License-Identifier: MIT
// Signed, and perhaps encrypted, by the program gpg, with X-Road's options (evidence.md 4.5,
// administration.md 7).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "supervision/child_program.hpp"

namespace causeway::openpgp {

inline constexpr const char* kProgram = "/usr/bin/gpg";

// What is written to it arrives encrypted in `output`. `recipients`: key ids; none: the
// key pair that signs. It is ended soon after `keep_going` says no.
Result<supervision::ChildProgram> start_encryption(const std::filesystem::path& home,
                                                   const std::vector<std::string>& recipients,
                                                   const std::string& output, std::function<bool()> keep_going);

// What is written to it arrives in `output` signed and compressed, readable for everybody.
Result<supervision::ChildProgram> start_signing(const std::filesystem::path& home, const std::string& output,
                                                std::function<bool()> keep_going);

}  // namespace causeway::openpgp
