// SPDX-License-Identifier: MIT
// Whether a process serves by now: somebody accepts connections where it should.
#pragma once

#include <cstdint>
#include <string>

namespace causeway::supervision {

// At a Unix socket.
bool listens_at(const std::string& path);
// At a port of this machine; of an address that is none, or all of them, on the loopback interface.
bool listens_at(const std::string& host, std::uint16_t port);

}  // namespace causeway::supervision
