// SPDX-License-Identifier: MIT
// Limits of servers that share the file handles of a process.
#pragma once

#include "net/http_server.hpp"

namespace causeway::net {

// For each of `servers`: a crowd at one of them leaves handles for the others, and for files.
// When all are full, connections that have sent no whole request make room.
ServerLimits limits_of_one_of(std::size_t servers);

}  // namespace causeway::net
