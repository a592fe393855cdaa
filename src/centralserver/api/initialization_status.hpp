// SPDX-License-Identifier: MIT
// How far the initialisation is, as two operations tell it.
#pragma once

#include <boost/json/object.hpp>

#include "centralserver/api/server_context.hpp"
#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {

Result<boost::json::object> initialization_status_json(const ServerContext& context, const Registry& registry);

}  // namespace causeway::centralserver
