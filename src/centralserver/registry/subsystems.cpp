// SPDX-License-Identifier: MIT
#include "centralserver/registry/subsystems.hpp"

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/client_search.hpp"
#include "centralserver/registry/clients.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "subsystem";

Result<StoredClient> stored_subsystem(const Registry& registry, const ClientId& id) {
  if (!id.is_subsystem()) return fault(RegistryFault::invalid_subsystem_id, id.to_string() + " is not a subsystem");
  return client_of(registry, id);
}

template <class... Arguments>
Result<std::vector<RegisteredSubsystem>> selected(const Registry& registry, const std::string& condition,
                                                  const Arguments&... arguments) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  const std::string sql =
      std::string("SELECT") + kClientColumns + "FROM" + kClientTables + "WHERE " + condition + " ORDER BY client.id";
  const auto read = [&](const store::Statement& row) -> Result<RegisteredSubsystem> {
    auto client = read_client(row, *instance);
    if (!client) return client.error();
    return RegisteredSubsystem{client->id, client->name};
  };
  return read_rows(registry.database(), sql, read, arguments...);
}

}  // namespace

Result<std::vector<RegisteredSubsystem>> subsystems(const Registry& registry) {
  return selected(registry, "client.subsystem_code <> ''");
}

Result<std::vector<RegisteredSubsystem>> subsystems(const Registry& registry, const ClientId& member) {
  auto owner = client_of(registry, member.member());
  if (!owner) return owner.error();
  return selected(registry, "client.member_id = $1", owner->number);
}

Result<RegisteredSubsystem> subsystem(const Registry& registry, const ClientId& id) {
  auto found = stored_subsystem(registry, id);
  if (!found) return found.error();
  return RegisteredSubsystem{found->id, found->name};
}

Result<void> add_subsystem(Change& change, const ClientId& id, const std::string& name) {
  const auto instance = instance_identifier(change.registry());
  if (!instance) return instance.error();
  if (!id.is_subsystem() || id.instance() != *instance)
    return fault(RegistryFault::invalid_subsystem_id, id.to_string() + " is not a subsystem of " + *instance);
  if (auto code = check_code("The subsystem code", id.subsystem()); !code) return code;
  if (auto text = check_optional_text("The name of a subsystem", name); !text) return text;
  if (auto known = find_client(change.registry(), id); !known || *known)
    return known ? fault(RegistryFault::subsystem_exists, "There is " + id.to_string() + " already") : known.error();
  auto owner = client_of(change.registry(), id.member());
  if (!owner) return owner.error();
  auto number = insert(change.database(),
                       "INSERT INTO client (member_class_id, member_code, subsystem_code, member_id, name)"
                       " SELECT member_class_id, member_code, $2, id, $3 FROM client WHERE id = $1 RETURNING id",
                       owner->number, id.subsystem(), name);
  if (!number) return number.error();
  if (auto noted = note_for_search(change, *number); !noted) return noted;
  return change.note_added(kKind, id.to_string(), name);
}

Result<void> rename_subsystem(Change& change, const ClientId& id, const std::string& name) {
  auto before = stored_subsystem(change.registry(), id);
  if (!before) return before.error();
  if (auto text = check_optional_text("The name of a subsystem", name); !text) return text;
  auto stored = run(change.database(), "UPDATE client SET name = $2 WHERE id = $1", before->number, name);
  if (!stored) return stored;
  return change.note_changed(kKind, id.to_string(), "name", before->name, name);
}

Result<void> delete_subsystem(Change& change, const ClientId& id) {
  auto deleted = stored_subsystem(change.registry(), id);
  if (!deleted) return deleted.error();
  auto used =
      exists(change.database(), "SELECT client_id FROM server_client WHERE client_id = $1 LIMIT 1", deleted->number);
  if (!used) return used.error();
  if (*used)
    return fault(RegistryFault::subsystem_registered_and_cannot_be_deleted,
                 id.to_string() + " is a client of a security server; unregister it first");
  if (auto gone = leave_groups(change, *deleted); !gone) return gone;
  if (auto gone = forget_for_search(change, deleted->number); !gone) return gone;
  if (auto gone = run(change.database(), "DELETE FROM client WHERE id = $1", deleted->number); !gone) return gone;
  return change.note_deleted(kKind, id.to_string(), deleted->name);
}

}  // namespace causeway::centralserver
