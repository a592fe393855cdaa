// SPDX-License-Identifier: MIT
#include "centralserver/registry/global_groups.hpp"

#include <algorithm>

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/clients.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "global group", kMemberKind = "global group member";

Result<RegisteredGroup> read_group(const store::Statement& row) {
  return RegisteredGroup{std::string(row.text(0)), std::string(row.text(1)), from_unix_millis(row.integer(2)),
                         from_unix_millis(row.integer(3))};
}

// X-Road knows the group of owners in any case of letters.
Result<void> check_not_owners(const Registry& registry, const std::string& code, RegistryFault refusal) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  };
  if (!std::ranges::equal(code, parameters->owners_group, same)) return {};
  return fault(refusal, "Who is in the group " + code + " follows from the security servers");
}

// Whether it was not in it yet.
Result<bool> put_in(Change& change, const std::string& code, const StoredClient& client) {
  auto added = insert(change.database(),
                      "INSERT INTO global_group_member (group_id, client_id, created)"
                      " SELECT id, $2, $3 FROM global_group WHERE code = $1"
                      " ON CONFLICT DO NOTHING RETURNING id",
                      code, client.number, change.millis());
  if (!added) return added.error();
  if (*added == 0) return false;
  auto noted = change.note_added(kMemberKind, code, client.id.to_string());
  if (!noted) return noted.error();
  return true;
}

Result<bool> is_member(store::Database& database, const std::string& code, const StoredClient& client) {
  return exists(database,
                "SELECT global_group_member.id FROM global_group_member JOIN global_group"
                " ON global_group.id = global_group_member.group_id"
                " WHERE global_group.code = $1 AND global_group_member.client_id = $2",
                code, client.number);
}

// One that is in it.
Result<void> take_out(Change& change, const std::string& code, const StoredClient& client) {
  auto removed = run(change.database(),
                     "DELETE FROM global_group_member WHERE client_id = $2"
                     " AND group_id = (SELECT id FROM global_group WHERE code = $1)",
                     code, client.number);
  if (!removed) return removed;
  return change.note_deleted(kMemberKind, code, client.id.to_string());
}

}  // namespace

Result<std::vector<RegisteredGroup>> global_groups(const Registry& registry) {
  return read_rows(registry.database(), "SELECT code, description, created, updated FROM global_group ORDER BY id",
                   read_group);
}

Result<RegisteredGroup> global_group(const Registry& registry, const std::string& code) {
  auto found =
      read_row(registry.database(), "SELECT code, description, created, updated FROM global_group WHERE code = $1",
               read_group, code);
  if (!found) return found.error();
  if (!*found) return fault(RegistryFault::global_group_not_found, "There is no global group " + code);
  return **std::move(found);
}

Result<std::vector<RegisteredGroupMember>> global_group_members(const Registry& registry, const std::string& code) {
  if (auto group = global_group(registry, code); !group) return group.error();
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  static const std::string sql = std::string("SELECT") + kClientColumns + ", global_group_member.created FROM" +
                                 kClientTables +
                                 "JOIN global_group_member ON global_group_member.client_id = client.id"
                                 " JOIN global_group ON global_group.id = global_group_member.group_id"
                                 " WHERE global_group.code = $1 ORDER BY global_group_member.id";
  const auto read = [&](const store::Statement& row) -> Result<RegisteredGroupMember> {
    auto client = read_client(row, *instance);
    if (!client) return client.error();
    return RegisteredGroupMember{client->id, from_unix_millis(row.integer(5))};
  };
  return read_rows(registry.database(), sql, read, code);
}

Result<std::vector<GroupMembership>> group_memberships(const Registry& registry, const ClientId& member) {
  auto client = find_client(registry, member.member());
  if (!client) return client.error();
  if (!*client) return std::vector<GroupMembership>();
  const auto read = [](const store::Statement& row) -> Result<GroupMembership> {
    return GroupMembership{std::string(row.text(0)), std::string(row.text(1)), from_unix_millis(row.integer(2))};
  };
  return read_rows(registry.database(),
                   "SELECT global_group.code, client.subsystem_code, entry.created FROM client"
                   " JOIN global_group_member entry ON entry.client_id = client.id"
                   " JOIN global_group ON global_group.id = entry.group_id"
                   " WHERE client.id = $1 OR client.member_id = $1 ORDER BY entry.id",
                   read, (*client)->number);
}

Result<void> add_global_group(Change& change, const NewGlobalGroup& group) {
  if (auto code = check_code("The code of a global group", group.code); !code) return code;
  if (auto text = check_text("The description of a global group", group.description); !text) return text;
  auto known = exists(change.database(), "SELECT id FROM global_group WHERE code = $1", group.code);
  if (!known) return known.error();
  if (*known) return fault(RegistryFault::global_group_exists, "There is a global group " + group.code + " already");
  auto stored =
      run(change.database(), "INSERT INTO global_group (code, description, created, updated) VALUES ($1, $2, $3, $3)",
          group.code, group.description, change.millis());
  if (!stored) return stored;
  return change.note_added(kKind, group.code, group.description);
}

Result<void> describe_global_group(Change& change, const std::string& code, const std::string& description) {
  auto before = global_group(change.registry(), code);
  if (!before) return before.error();
  if (auto text = check_text("The description of a global group", description); !text) return text;
  auto stored = run(change.database(), "UPDATE global_group SET description = $2, updated = $3 WHERE code = $1", code,
                    description, change.millis());
  if (!stored) return stored;
  return change.note_changed(kKind, code, "description", before->description, description);
}

Result<void> delete_global_group(Change& change, const std::string& code) {
  auto deleted = global_group(change.registry(), code);
  if (!deleted) return deleted.error();
  auto allowed = check_not_owners(change.registry(), code, RegistryFault::owners_global_group_cannot_be_deleted);
  if (!allowed) return allowed;
  auto emptied = run(change.database(),
                     "DELETE FROM global_group_member WHERE group_id ="
                     " (SELECT id FROM global_group WHERE code = $1)",
                     code);
  if (!emptied) return emptied;
  if (auto gone = run(change.database(), "DELETE FROM global_group WHERE code = $1", code); !gone) return gone;
  return change.note_deleted(kKind, code, deleted->description);
}

Result<std::vector<ClientId>> add_global_group_members(Change& change, const std::string& code,
                                                       const std::vector<ClientId>& ids) {
  if (auto group = global_group(change.registry(), code); !group) return group.error();
  auto allowed = check_not_owners(change.registry(), code, RegistryFault::cannot_add_member_to_owners_group);
  if (!allowed) return allowed.error();
  std::vector<StoredClient> clients;
  for (const ClientId& id : ids) {
    auto client = client_of(change.registry(), id);
    if (!client) return client.error();
    clients.push_back(*std::move(client));
  }
  std::vector<ClientId> added;
  for (const StoredClient& client : clients) {
    auto is_new = put_in(change, code, client);
    if (!is_new) return is_new.error();
    if (*is_new) added.push_back(client.id);
  }
  return added;
}

Result<void> remove_global_group_member(Change& change, const std::string& code, const ClientId& id) {
  if (auto group = global_group(change.registry(), code); !group) return group.error();
  auto client = find_client(change.registry(), id);
  if (!client) return client.error();
  auto is_in_it = *client ? is_member(change.database(), code, **client) : Result<bool>(false);
  if (!is_in_it) return is_in_it.error();
  if (!*is_in_it) return fault(RegistryFault::member_not_found, id.to_string() + " is not in the group " + code);
  auto allowed = check_not_owners(change.registry(), code, RegistryFault::owners_global_group_member_cannot_be_deleted);
  if (!allowed) return allowed;
  return take_out(change, code, **client);
}

Result<void> add_to_owners_group(Change& change, const ClientId& owner) {
  auto client = client_of(change.registry(), owner);
  if (!client) return client.error();
  auto added = put_in(change, std::string(kOwnersGroup), *client);
  if (!added) return added.error();
  return {};
}

Result<void> remove_from_owners_group(Change& change, const ClientId& owner) {
  auto client = client_of(change.registry(), owner);
  if (!client) return client.error();
  const std::string code(kOwnersGroup);
  auto is_in_it = is_member(change.database(), code, *client);
  if (!is_in_it) return is_in_it.error();
  return *is_in_it ? take_out(change, code, *client) : Result<void>();
}

}  // namespace causeway::centralserver
