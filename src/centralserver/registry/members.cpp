// SPDX-License-Identifier: MIT
#include "centralserver/registry/members.hpp"

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/client_search.hpp"
#include "centralserver/registry/clients.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "member";

Result<StoredClient> stored_member(const Registry& registry, const ClientId& id) {
  if (id.is_subsystem()) return fault(RegistryFault::invalid_member_id, id.to_string() + " is not a member");
  return client_of(registry, id);
}

Result<void> delete_subsystems(Change& change, const ClientId& id) {
  auto those = subsystems(change.registry(), id);
  if (!those) return those.error();
  for (const RegisteredSubsystem& subsystem : *those) {
    if (auto gone = leave_all_servers(change, subsystem.id); !gone) return gone;
    if (auto gone = delete_subsystem(change, subsystem.id); !gone) return gone;
  }
  return {};
}

Result<void> delete_servers(Change& change, const ClientId& id) {
  auto servers = security_servers_of(change.registry(), id);
  if (!servers) return servers.error();
  for (const RegisteredServer& server : *servers)
    if (auto gone = delete_security_server(change, server.id); !gone) return gone;
  return {};
}

}  // namespace

Result<std::vector<RegisteredMember>> members(const Registry& registry) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  static const std::string sql = std::string("SELECT") + kClientColumns + "FROM" + kClientTables +
                                 "WHERE client.subsystem_code = '' ORDER BY client.id";
  const auto read = [&](const store::Statement& row) -> Result<RegisteredMember> {
    auto client = read_client(row, *instance);
    if (!client) return client.error();
    return RegisteredMember{client->id, client->name};
  };
  return read_rows(registry.database(), sql, read);
}

Result<RegisteredMember> member(const Registry& registry, const ClientId& id) {
  auto found = stored_member(registry, id);
  if (!found) return found.error();
  return RegisteredMember{found->id, found->name};
}

Result<void> add_member(Change& change, const ClientId& id, const std::string& name) {
  const auto instance = instance_identifier(change.registry());
  if (!instance) return instance.error();
  if (id.is_subsystem() || id.instance() != *instance)
    return fault(RegistryFault::invalid_member_id, id.to_string() + " is not a member of " + *instance);
  if (auto code = check_code("The member code", id.member_code()); !code) return code;
  if (auto text = check_text("The name of a member", name); !text) return text;
  if (auto known = find_client(change.registry(), id); !known || *known)
    return known ? fault(RegistryFault::member_exists, "There is " + id.to_string() + " already") : known.error();
  if (auto its_class = member_class(change.registry(), id.member_class()); !its_class) return its_class.error();
  auto number = insert(change.database(),
                       "INSERT INTO client (member_class_id, member_code, subsystem_code, member_id, name)"
                       " SELECT id, $2, '', NULL, $3 FROM member_class WHERE code = $1 RETURNING id",
                       id.member_class(), id.member_code(), name);
  if (!number) return number.error();
  if (auto noted = note_for_search(change, *number); !noted) return noted;
  return change.note_added(kKind, id.to_string(), name);
}

Result<void> rename_member(Change& change, const ClientId& id, const std::string& name) {
  auto before = stored_member(change.registry(), id);
  if (!before) return before.error();
  if (auto text = check_text("The name of a member", name); !text) return text;
  auto stored = run(change.database(), "UPDATE client SET name = $2 WHERE id = $1", before->number, name);
  if (!stored) return stored;
  if (auto noted = note_for_search(change, before->number); !noted) return noted;
  return change.note_changed(kKind, id.to_string(), "name", before->name, name);
}

Result<void> delete_member(Change& change, const ClientId& id) {
  auto deleted = stored_member(change.registry(), id);
  if (!deleted) return deleted.error();
  if (auto gone = delete_servers(change, id); !gone) return gone;
  if (auto gone = delete_subsystems(change, id); !gone) return gone;
  if (auto gone = leave_all_servers(change, id); !gone) return gone;
  if (auto gone = leave_groups(change, *deleted); !gone) return gone;
  if (auto gone = forget_for_search(change, deleted->number); !gone) return gone;
  if (auto gone = run(change.database(), "DELETE FROM client WHERE id = $1", deleted->number); !gone) return gone;
  return change.note_deleted(kKind, id.to_string(), deleted->name);
}

}  // namespace causeway::centralserver
