// SPDX-License-Identifier: MIT
// What members and subsystems have in common: their rows. For this library only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct StoredClient {
  std::int64_t number = 0;
  ClientId id;
  std::string name;
};

// None also for one of another instance.
Result<std::optional<StoredClient>> find_client(const Registry& registry, const ClientId& id);
// Those of a query whose rows are kClientColumns, of `instance`.
Result<StoredClient> read_client(const store::Statement& row, const std::string& instance);
inline constexpr const char* kClientColumns =
    " client.id, member_class.code, client.member_code, client.subsystem_code, client.name ";
inline constexpr const char* kClientTables = " client JOIN member_class ON member_class.id = client.member_class_id ";

// The same as a sentence says it: member_not_found or subsystem_not_found.
Result<StoredClient> client_of(const Registry& registry, const ClientId& id);
// Takes it out of all groups, as it will not be any more.
Result<void> leave_groups(Change& change, const StoredClient& client);

}  // namespace causeway::centralserver
