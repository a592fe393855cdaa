// SPDX-License-Identifier: MIT
#include "centralserver/registry/clients.hpp"

#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {

Result<StoredClient> read_client(const store::Statement& row, const std::string& instance) {
  auto id = ClientId::make(instance, std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)));
  if (!id) return id.error();
  return StoredClient{row.integer(0), *std::move(id), std::string(row.text(4))};
}

Result<std::optional<StoredClient>> find_client(const Registry& registry, const ClientId& id) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  if (id.instance() != *instance) return std::optional<StoredClient>();
  static const std::string sql = std::string("SELECT") + kClientColumns + "FROM" + kClientTables +
                                 "WHERE member_class.code = $1 AND client.member_code = $2"
                                 " AND client.subsystem_code = $3";
  return read_row(
      registry.database(), sql, [&](const store::Statement& row) { return read_client(row, *instance); },
      id.member_class(), id.member_code(), id.subsystem());
}

Result<StoredClient> client_of(const Registry& registry, const ClientId& id) {
  auto found = find_client(registry, id);
  if (!found) return found.error();
  if (*found) return **std::move(found);
  return fault(id.is_subsystem() ? RegistryFault::subsystem_not_found : RegistryFault::member_not_found,
               "There is no " + id.to_string());
}

Result<void> leave_groups(Change& change, const StoredClient& client) {
  auto groups = read_rows(change.database(),
                          "SELECT global_group.code FROM global_group JOIN global_group_member"
                          " ON global_group_member.group_id = global_group.id"
                          " WHERE global_group_member.client_id = $1 ORDER BY global_group.id",
                          read_text, client.number);
  if (!groups) return groups.error();
  auto left = run(change.database(), "DELETE FROM global_group_member WHERE client_id = $1", client.number);
  if (!left) return left;
  for (const std::string& group : *groups)
    if (auto noted = change.note_deleted("global group member", group, client.id.to_string()); !noted) return noted;
  return {};
}

}  // namespace causeway::centralserver
