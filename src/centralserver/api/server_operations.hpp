// SPDX-License-Identifier: MIT
// The operations of the administration interface that are about the server itself: its beginning
// and state, its tokens and signing keys, and what it publishes (administration.md 4).
#pragma once

#include <memory>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/server_context.hpp"

namespace causeway::centralserver {

// `registries` outlive the router, as does what the context refers to.
void add_server_operations(admin::Router& router, Registries& registries, ServerContext context);

// For this library.
using SharedContext = std::shared_ptr<const ServerContext>;
void add_initialization_operations(OperationsOf& api, const SharedContext& context);
void add_system_operations(OperationsOf& api, const SharedContext& context);
void add_token_operations(OperationsOf& api, const SharedContext& context);
void add_signing_key_operations(OperationsOf& api, const SharedContext& context);
void add_source_anchor_operations(OperationsOf& api, const SharedContext& context);
void add_configuration_part_operations(OperationsOf& api, const SharedContext& context);
void add_management_service_operations(OperationsOf& api, const SharedContext& context);
void add_alert_operations(OperationsOf& api, const SharedContext& context);
void add_backup_operations(OperationsOf& api, const SharedContext& context);

}  // namespace causeway::centralserver
