// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace causeway::cli {

// From the terminal without echo, else a line of standard input.
std::string read_secret(const std::string& prompt);

}  // namespace causeway::cli
