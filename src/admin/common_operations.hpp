// SPDX-License-Identifier: MIT
// The operations that both admin APIs have beside those of their definitions: API keys, the
// user, whether the session lasts (administration.md 1).
#pragma once

#include "admin/api_keys.hpp"
#include "admin/knock.hpp"
#include "admin/pool.hpp"
#include "admin/router.hpp"

namespace causeway::admin {

// `keys` and the databases that they are in outlive the router.
void add_common_operations(Router& router, ApiKeys& keys, Pool<store::Database>& databases);

}  // namespace causeway::admin
