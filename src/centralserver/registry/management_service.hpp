// SPDX-License-Identifier: MIT
// Who answers the management requests of the instance's security servers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct RegisteredManagementService {
  std::optional<ClientId> provider;  // none: not chosen yet
  std::vector<ServerId> servers;     // where the provider is registered and enabled
};

// The provider is named also when it has been deleted since.
Result<RegisteredManagementService> management_service(const Registry& registry);

// subsystem_not_found.
Result<void> set_management_service_provider(Change& change, const ClientId& provider);
// Who is to be made a client of a first server. management_service_provider_not_set,
// subsystem_not_found, subsystem_already_registered_to_security_server.
Result<ClientId> management_service_provider_to_register(const Registry& registry);
// Makes it a client of `server`, without a request. Also what register_client refuses.
Result<void> register_management_service_provider(Change& change, const ServerId& server);

}  // namespace causeway::centralserver
