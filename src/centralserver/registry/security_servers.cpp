// SPDX-License-Identifier: MIT
#include "centralserver/registry/security_servers.hpp"

#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/clients.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "security server";

template <class... Arguments>
Result<std::vector<RegisteredServer>> selected(const Registry& registry, const std::string& condition,
                                               const Arguments&... arguments) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  return read_rows(
      registry.database(),
      std::string("SELECT") + kServerColumns + "FROM" + kServerTables + condition + " ORDER BY server.id",
      [&](const store::Statement& row) { return read_server(row, *instance); }, arguments...);
}

Result<std::optional<RegisteredServer>> find_server(const Registry& registry, const ServerId& id) {
  auto owner = find_client(registry, id.owner());
  if (!owner) return owner.error();
  if (!*owner || !is_database_text(id.code())) return std::optional<RegisteredServer>();
  auto found = selected(registry, "WHERE server.owner_id = $1 AND server.code = $2", (*owner)->number, id.code());
  if (!found) return found.error();
  return found->empty() ? std::optional<RegisteredServer>() : std::optional(std::move(found->front()));
}

// Of a management request.
Result<RegisteredServer> requested_server(const Registry& registry, const ServerId& id) {
  return told_as(security_server(registry, id), RegistryFault::security_server_not_found,
                 RegistryFault::management_request_server_not_found);
}

Result<void> store_maintenance(Change& change, const RegisteredServer& server,
                               const std::optional<globalconf::Maintenance>& maintenance) {
  const std::optional<std::string> message = maintenance ? maintenance->message : std::nullopt;
  auto stored = run(change.database(),
                    "UPDATE security_server SET in_maintenance = $2, maintenance_message = $3, updated = $4"
                    " WHERE id = $1",
                    server.number, maintenance.has_value(), nullable(message), change.millis());
  if (!stored) return stored;
  const auto words = [](const std::optional<globalconf::Maintenance>& of) {
    return of ? "under maintenance: " + of->message.value_or("") : std::string("in use");
  };
  return change.note_changed(kKind, server.id.to_string(), "maintenance", words(server.maintenance),
                             words(maintenance));
}

Result<void> leave_owners_group(Change& change, const ClientId& owner) {
  auto others = security_servers_of(change.registry(), owner);
  if (!others) return others.error();
  return others->empty() ? remove_from_owners_group(change, owner) : Result<void>();
}

Result<StoredClient> check_new_owner(const Registry& registry, const RegisteredServer& server, const ClientId& owner) {
  if (owner.is_subsystem())
    return fault(RegistryFault::management_request_owner_must_be_member, "An owner is a member, not a subsystem");
  if (server.id.owner() == owner)
    return fault(RegistryFault::management_request_client_already_owner, owner.to_string() + " is the owner already");
  auto clients = server_clients(registry, server.id);
  if (!clients) return clients.error();
  bool is_client = false;
  for (const ServerClient& client : *clients) is_client = is_client || client.id == owner;
  if (!is_client)
    return fault(RegistryFault::management_request_owner_must_be_client,
                 owner.to_string() + " is not a client of " + server.id.to_string());
  auto same = ServerId::make(owner.instance(), owner.member_class(), owner.member_code(), server.id.code());
  if (!same) return same.error();
  auto taken = find_server(registry, *same);
  if (!taken) return taken.error();
  if (*taken) return fault(RegistryFault::management_request_server_code_exists, "There is " + same->to_string());
  return client_of(registry, owner);
}

}  // namespace

Result<RegisteredServer> read_server(const store::Statement& row, const std::string& instance) {
  auto id = ServerId::make(instance, std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)));
  if (!id) return id.error();
  std::optional<globalconf::Maintenance> maintenance;
  if (row.integer(5) != 0) maintenance = globalconf::Maintenance{optional_text(row, 6)};
  return RegisteredServer{row.integer(0),
                          *std::move(id),
                          std::string(row.text(4)),
                          std::move(maintenance),
                          from_unix_millis(row.integer(7)),
                          from_unix_millis(row.integer(8))};
}

Result<std::vector<RegisteredServer>> security_servers(const Registry& registry) { return selected(registry, ""); }

Result<std::vector<RegisteredServer>> security_servers_of(const Registry& registry, const ClientId& owner) {
  auto client = client_of(registry, owner);
  if (!client) return client.error();
  return selected(registry, "WHERE server.owner_id = $1", client->number);
}

Result<RegisteredServer> security_server(const Registry& registry, const ServerId& id) {
  auto found = find_server(registry, id);
  if (!found) return found.error();
  if (!*found) return fault(RegistryFault::security_server_not_found, "There is no " + id.to_string());
  return **std::move(found);
}

Result<void> register_security_server(Change& change, const ServerId& id, const std::string& address) {
  if (auto code = check_code("The code of a security server", id.code()); !code) return code;
  auto host = told_as(check_host(address), RegistryFault::validation_failure,
                      RegistryFault::management_request_invalid_server_address);
  if (!host) return host;
  auto owner = find_client(change.registry(), id.owner());
  if (!owner) return owner.error();
  if (!*owner)
    return fault(RegistryFault::management_request_server_owner_not_found, "There is no " + id.owner().to_string());
  auto known = find_server(change.registry(), id);
  if (!known) return known.error();
  if (*known) {
    if (auto set = set_server_address(change, id, address); !set) return set;
  } else {
    auto stored = run(change.database(),
                      "INSERT INTO security_server (owner_id, code, address, created, updated)"
                      " VALUES ($1, $2, $3, $4, $4)",
                      (*owner)->number, id.code(), address, change.millis());
    if (!stored) return stored;
    if (auto noted = change.note_added(kKind, id.to_string(), address); !noted) return noted;
  }
  return add_to_owners_group(change, id.owner());
}

Result<void> set_server_address(Change& change, const ServerId& id, const std::string& address) {
  auto server = security_server(change.registry(), id);
  if (!server) return server.error();
  if (auto host = check_host(address); !host) return host;
  auto stored = run(change.database(), "UPDATE security_server SET address = $2, updated = $3 WHERE id = $1",
                    server->number, address, change.millis());
  if (!stored) return stored;
  return change.note_changed(kKind, id.to_string(), "address", server->address, address);
}

Result<void> begin_maintenance(Change& change, const ServerId& id, const std::optional<std::string>& message) {
  auto server = requested_server(change.registry(), id);
  if (!server) return server.error();
  if (auto text = check_optional_text("The message of a maintenance", message.value_or("")); !text) return text;
  auto management = management_service(change.registry());
  if (!management) return management.error();
  for (const ServerId& host : management->servers)
    if (host == id)
      return fault(RegistryFault::mr_forbidden_enable_maintenance_mode_for_management_service,
                   id.to_string() + " serves the management requests");
  if (server->maintenance)
    return fault(RegistryFault::management_request_server_already_in_maintenance_mode,
                 id.to_string() + " is under maintenance already");
  return store_maintenance(change, *server, globalconf::Maintenance{message});
}

Result<void> end_maintenance(Change& change, const ServerId& id) {
  auto server = requested_server(change.registry(), id);
  if (!server) return server.error();
  if (!server->maintenance)
    return fault(RegistryFault::management_request_server_not_in_maintenance_mode,
                 id.to_string() + " is not under maintenance");
  return store_maintenance(change, *server, std::nullopt);
}

Result<void> check_owner_change(const Registry& registry, const ServerId& id, const ClientId& owner) {
  auto server = requested_server(registry, id);
  if (!server) return server.error();
  auto next = check_new_owner(registry, *server, owner);
  return next ? Result<void>() : next.error();
}

Result<ServerId> change_owner(Change& change, const ServerId& id, const ClientId& owner) {
  auto server = requested_server(change.registry(), id);
  if (!server) return server.error();
  auto next = check_new_owner(change.registry(), *server, owner);
  if (!next) return next.error();
  auto renamed = ServerId::make(owner.instance(), owner.member_class(), owner.member_code(), id.code());
  if (!renamed) return renamed.error();
  if (auto done = unregister_client(change, id, owner); !done) return done.error();
  auto stored = run(change.database(), "UPDATE security_server SET owner_id = $2, updated = $3 WHERE id = $1",
                    server->number, next->number, change.millis());
  if (!stored) return stored.error();
  auto noted = change.note_changed(kKind, renamed->to_string(), "owner", id.owner().to_string(), owner.to_string());
  if (!noted) return noted.error();
  if (auto done = register_client(change, *renamed, id.owner()); !done) return done.error();
  if (auto done = leave_owners_group(change, id.owner()); !done) return done.error();
  if (auto done = add_to_owners_group(change, owner); !done) return done.error();
  return renamed;
}

Result<void> delete_security_server(Change& change, const ServerId& id) {
  auto server = security_server(change.registry(), id);
  if (!server) return server.error();
  auto clients = server_clients(change.registry(), id);
  if (!clients) return clients.error();
  for (const ServerClient& client : *clients)
    if (auto gone = unregister_client(change, id, client.id); !gone) return gone;
  auto certificates = authentication_certificates(change.registry(), id);
  if (!certificates) return certificates.error();
  for (const AuthenticationCertificate& certificate : *certificates)
    if (auto gone = delete_authentication_certificate(change, id, certificate.number); !gone) return gone;
  auto gone = run(change.database(), "DELETE FROM security_server WHERE id = $1", server->number);
  if (!gone) return gone;
  if (auto noted = change.note_deleted(kKind, id.to_string(), server->address); !noted) return noted;
  return leave_owners_group(change, id.owner());
}

}  // namespace causeway::centralserver
