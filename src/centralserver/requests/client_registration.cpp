// SPDX-License-Identifier: MIT
#include <algorithm>

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/requests/registrations.hpp"
#include "centralserver/requests/request_rows.hpp"

namespace causeway::centralserver {
namespace {

// The centre only registers who is there with a server that is there.
Result<void> check_what_the_centre_names(const Registry& registry, const NewRequest& added) {
  if (added.origin != RequestOrigin::center) return {};
  auto server = told_as(security_server(registry, added.server), RegistryFault::security_server_not_found,
                        RegistryFault::management_request_server_not_found);
  if (!server) return server.error();
  auto owner = told_as(member(registry, added.client->member()), RegistryFault::member_not_found,
                       RegistryFault::management_request_member_not_found);
  return owner ? Result<void>() : owner.error();
}

Result<void> check_not_a_client(const Registry& registry, const ServerId& server, const ClientId& client) {
  auto clients = server_clients(registry, server);
  if (!clients)
    return clients.error().code == to_string(RegistryFault::security_server_not_found) ? Result<void>()
                                                                                       : clients.error();
  if (std::ranges::find(*clients, client, &ServerClient::id) == clients->end()) return {};
  return fault(RegistryFault::management_request_client_already_registered,
               client.to_string() + " is a client of " + server.to_string() + " already");
}

Result<std::string> name_in_registry(const Registry& registry, const ClientId& client) {
  auto found = subsystem(registry, client);
  if (found) return found->name;
  if (found.error().code == to_string(RegistryFault::subsystem_not_found)) return std::string();
  return found.error();
}

}  // namespace

Result<AdmittedRequest> admit_client_registration(const Change& change, NewRequest added) {
  const Registry& registry = change.registry();
  const ClientId client = *added.client;
  if (added.server.owner() == client)
    return fault(RegistryFault::management_request_cannot_register_owner,
                 client.to_string() + " owns the server, and is its client without registration");
  if (auto name = check_optional_text("The name of a subsystem", added.subsystem_name); !name) return name.error();
  if (auto there = check_what_the_centre_names(registry, added); !there) return there.error();
  if (auto fresh = check_not_a_client(registry, added.server, client); !fresh) return fresh.error();
  auto pending = requests_in(registry, added.type, added.server, client, RequestStatus::waiting,
                             RequestStatus::submitted_for_approval);
  if (!pending) return pending.error();
  auto met = met_by(added, *std::move(pending));
  if (!met) return met.error();
  if (client.is_subsystem()) {
    auto before = name_in_registry(registry, client);
    if (!before) return before.error();
    added.comments = rename_comment(*before, added.subsystem_name, added.comments);
  }
  // What the first of the two has said counts.
  if (*met && !(*met)->subsystem_name.empty()) added.subsystem_name = (*met)->subsystem_name;
  return AdmittedRequest{std::move(added), *std::move(met)};
}

Result<bool> client_registration_is_prepared(const Registry& registry, const NewRequest& request) {
  if (request.origin != RequestOrigin::security_server) return false;
  auto server = security_server(registry, request.server);
  if (!server)
    return server.error().code == to_string(RegistryFault::security_server_not_found) ? Result<bool>(false)
                                                                                      : server.error();
  auto owner = member(registry, request.client->member());
  if (owner) return true;
  return owner.error().code == to_string(RegistryFault::member_not_found) ? Result<bool>(false) : owner.error();
}

Result<void> carry_out_client_registration(Change& change, const ManagementRequest& request) {
  auto server = told_as(security_server(change.registry(), request.server), RegistryFault::security_server_not_found,
                        RegistryFault::management_request_server_not_found);
  if (!server) return server.error();
  if (auto fresh = check_not_a_client(change.registry(), request.server, *request.client); !fresh) return fresh;
  if (auto made = make_member_if_missing(change, request.client->member()); !made) return made;
  return register_client(change, request.server, *request.client, request.subsystem_name);
}

}  // namespace causeway::centralserver
