// SPDX-License-Identifier: MIT
// Outgoing connections: names resolved, sockets connected, the fastest of several.
#pragma once

#include <chrono>
#include <vector>

#include "net/http_client.hpp"
#include "net/transport.hpp"

namespace causeway::net {

struct Connected {
  std::size_t index = 0;  // of the endpoint that answered first
  Transport::Socket socket;
};

// Begins to connect to all endpoints at once; the first connection wins. A name with
// several addresses is tried address after address. unknown_host when no name
// resolves, network_error when nothing answers in time.
Task<Result<Connected>> connect_fastest(std::vector<Endpoint> endpoints, std::chrono::milliseconds limit);

}  // namespace causeway::net
