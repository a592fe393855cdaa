// SPDX-License-Identifier: MIT
#include "centralserver/api/server_operations.hpp"

#include "centralserver/api/documents.hpp"

namespace causeway::centralserver {

void add_server_operations(admin::Router& router, Registries& registries, ServerContext context) {
  OperationsOf api(router, admin::ApiDefinition::parse(api_description()), registries);
  const auto shared = std::make_shared<const ServerContext>(std::move(context));
  add_initialization_operations(api, shared);
  add_system_operations(api, shared);
  add_token_operations(api, shared);
  add_signing_key_operations(api, shared);
  add_source_anchor_operations(api, shared);
  add_configuration_part_operations(api, shared);
  add_management_service_operations(api, shared);
  add_alert_operations(api, shared);
  if (shared->backups) add_backup_operations(api, shared);
}

}  // namespace causeway::centralserver
