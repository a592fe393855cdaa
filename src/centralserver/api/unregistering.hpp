// SPDX-License-Identifier: MIT
// A member or a subsystem stops being a client of a Security Server.
#pragma once

#include "admin/api_request.hpp"
#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

// Of the server in the path: 204, or invalid_encoded_id and the faults of remove_client.
Result<admin::ApiAnswer> unregister_from_server(Change& change, const admin::ApiRequest& request,
                                                const ClientId& client);

}  // namespace causeway::centralserver
