// SPDX-License-Identifier: MIT
// One request of a client on one connection.
#pragma once

#include <memory>

#include "net/connection_pool.hpp"
#include "net/http_client.hpp"

namespace causeway::net {

// `pool`: where the connection goes afterwards if it can; null: it is closed.
std::unique_ptr<ClientCall> make_client_call(std::unique_ptr<ClientConnection> connection,
                                             const std::shared_ptr<ConnectionPool>& pool);

}  // namespace causeway::net
