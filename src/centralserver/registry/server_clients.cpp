// SPDX-License-Identifier: MIT
#include "centralserver/registry/server_clients.hpp"

#include <algorithm>

#include "centralserver/registry/clients.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "client of security server";

Fault not_registered(const ServerId& server, const ClientId& client) {
  return fault(client.is_subsystem() ? RegistryFault::subsystem_not_registered_to_security_server
                                     : RegistryFault::member_not_registered_to_security_server,
               client.to_string() + " is not a client of " + server.to_string());
}

Result<bool> is_registered(store::Database& database, std::int64_t server, std::int64_t client) {
  return exists(database, "SELECT client_id FROM server_client WHERE server_id = $1 AND client_id = $2", server,
                client);
}

// The client to register, made when it is a new subsystem.
Result<StoredClient> client_to_register(Change& change, const ClientId& id, const std::string& name) {
  auto member = told_as(client_of(change.registry(), id.member()), RegistryFault::member_not_found,
                        RegistryFault::management_request_member_not_found);
  if (!member || !id.is_subsystem()) return member;
  auto known = find_client(change.registry(), id);
  if (!known) return known.error();
  if (!*known) {
    if (auto added = add_subsystem(change, id, name); !added) return added.error();
  } else if (!name.empty()) {
    if (auto renamed = rename_subsystem(change, id, name); !renamed) return renamed.error();
  }
  return client_of(change.registry(), id);
}

// Of all servers, with whether it is enabled there.
struct Registration {
  ServerId server;
  bool enabled;
};

Result<std::vector<Registration>> registrations_of(const Registry& registry, const ClientId& id) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  auto client = client_of(registry, id);
  if (!client) return client.error();
  const auto read = [&](const store::Statement& row) -> Result<Registration> {
    auto server =
        ServerId::make(*instance, std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)));
    if (!server) return server.error();
    return Registration{*std::move(server), row.integer(3) != 0};
  };
  return read_rows(registry.database(),
                   "SELECT member_class.code, owner.member_code, server.code, server_client.enabled"
                   " FROM server_client JOIN security_server server ON server.id = server_client.server_id"
                   " JOIN client owner ON owner.id = server.owner_id"
                   " JOIN member_class ON member_class.id = owner.member_class_id"
                   " WHERE server_client.client_id = $1 ORDER BY server.id",
                   read, client->number);
}

}  // namespace

Result<std::vector<ServerClient>> server_clients(const Registry& registry, const ServerId& id) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  auto server = security_server(registry, id);
  if (!server) return server.error();
  static const std::string sql = std::string("SELECT") + kClientColumns + ", server_client.enabled FROM" +
                                 kClientTables +
                                 "JOIN server_client ON server_client.client_id = client.id"
                                 " WHERE server_client.server_id = $1 ORDER BY client.id";
  const auto read = [&](const store::Statement& row) -> Result<ServerClient> {
    auto client = read_client(row, *instance);
    if (!client) return client.error();
    return ServerClient{client->id, row.integer(5) != 0};
  };
  return read_rows(registry.database(), sql, read, server->number);
}

Result<std::vector<ServerId>> servers_with_client(const Registry& registry, const ClientId& client) {
  auto registrations = registrations_of(registry, client);
  if (!registrations) return registrations.error();
  std::vector<ServerId> servers;
  for (const Registration& registration : *registrations)
    if (registration.enabled) servers.push_back(registration.server);
  return servers;
}

Result<void> register_client(Change& change, const ServerId& id, const ClientId& client,
                             const std::string& subsystem_name) {
  if (id.owner() == client)
    return fault(RegistryFault::management_request_cannot_register_owner,
                 client.to_string() + " owns the server, and is its client without registration");
  auto server = told_as(security_server(change.registry(), id), RegistryFault::security_server_not_found,
                        RegistryFault::management_request_server_not_found);
  if (!server) return server.error();
  auto known = find_client(change.registry(), client);
  if (!known) return known.error();
  auto registered = *known ? is_registered(change.database(), server->number, (*known)->number) : Result<bool>(false);
  if (!registered) return registered.error();
  if (*registered)
    return fault(RegistryFault::management_request_client_already_registered,
                 client.to_string() + " is a client of " + id.to_string() + " already");
  auto stored = client_to_register(change, client, subsystem_name);
  if (!stored) return stored.error();
  auto done = run(change.database(), "INSERT INTO server_client (server_id, client_id, enabled) VALUES ($1, $2, 1)",
                  server->number, stored->number);
  if (!done) return done;
  return change.note_added(kKind, id.to_string(), client.to_string());
}

Result<void> unregister_client(Change& change, const ServerId& id, const ClientId& client) {
  auto server = security_server(change.registry(), id);
  if (!server) return server.error();
  auto known = find_client(change.registry(), client);
  if (!known) return known.error();
  auto registered = *known ? is_registered(change.database(), server->number, (*known)->number) : Result<bool>(false);
  if (!registered) return registered.error();
  if (!*registered) return not_registered(id, client);
  auto gone = run(change.database(), "DELETE FROM server_client WHERE server_id = $1 AND client_id = $2",
                  server->number, (*known)->number);
  if (!gone) return gone;
  return change.note_deleted(kKind, id.to_string(), client.to_string());
}

Result<void> enable_client(Change& change, const ServerId& id, const ClientId& client, bool enabled) {
  const Fault missing = fault(RegistryFault::management_request_server_client_not_found,
                              client.to_string() + " is not a client of " + id.to_string());
  auto clients = told_as(server_clients(change.registry(), id), RegistryFault::security_server_not_found,
                         RegistryFault::management_request_server_client_not_found);
  if (!clients) return clients.error();
  const auto found = std::ranges::find(*clients, client, &ServerClient::id);
  if (found == clients->end()) return missing;
  auto management = management_service(change.registry());
  if (!management) return management.error();
  if (!enabled && management->provider == client)
    return fault(RegistryFault::mr_forbidden_disable_management_service_client,
                 client.to_string() + " serves the management requests");
  auto server = security_server(change.registry(), id);
  auto stored = client_of(change.registry(), client);
  if (!server || !stored) return missing;
  auto done = run(change.database(), "UPDATE server_client SET enabled = $3 WHERE server_id = $1 AND client_id = $2",
                  server->number, stored->number, enabled);
  if (!done) return done;
  const auto words = [](bool on) { return on ? "enabled" : "disabled"; };
  return change.note_changed(kKind, id.to_string(), client.to_string(), words(found->enabled), words(enabled));
}

Result<void> leave_all_servers(Change& change, const ClientId& client) {
  auto registrations = registrations_of(change.registry(), client);
  if (!registrations) return registrations.error();
  for (const Registration& registration : *registrations)
    if (auto left = unregister_client(change, registration.server, client); !left) return left;
  return {};
}

}  // namespace causeway::centralserver
