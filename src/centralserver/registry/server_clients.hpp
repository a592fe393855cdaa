// SPDX-License-Identifier: MIT
// Which members and subsystems use which security server. Its owner does so too, without being
// registered as a client.
#pragma once

#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct ServerClient {
  ClientId id;
  bool enabled = true;  // a disabled one is not published
};

// security_server_not_found.
Result<std::vector<ServerClient>> server_clients(const Registry& registry, const ServerId& server);
// Where `client` is registered and enabled. member_not_found, subsystem_not_found.
Result<std::vector<ServerId>> servers_with_client(const Registry& registry, const ClientId& client);

// What a registration does: a subsystem that its member does not have yet is made, with this
// name; one that is there gets the name, if there is one. management_request_server_not_found,
// management_request_member_not_found, management_request_cannot_register_owner,
// management_request_client_already_registered.
Result<void> register_client(Change& change, const ServerId& server, const ClientId& client,
                             const std::string& subsystem_name = {});
// security_server_not_found, member_not_registered_to_security_server or
// subsystem_not_registered_to_security_server.
Result<void> unregister_client(Change& change, const ServerId& server, const ClientId& client);
// management_request_server_client_not_found; mr_forbidden_disable_management_service_client.
Result<void> enable_client(Change& change, const ServerId& server, const ClientId& client, bool enabled);

// For this library: of every server.
Result<void> leave_all_servers(Change& change, const ClientId& client);

}  // namespace causeway::centralserver
