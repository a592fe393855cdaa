// SPDX-License-Identifier: MIT
// The members of the instance.
#pragma once

#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct RegisteredMember {
  ClientId id;
  std::string name;
};

Result<std::vector<RegisteredMember>> members(const Registry& registry);
// All of one member: member_not_found, invalid_member_id for a subsystem.
Result<RegisteredMember> member(const Registry& registry, const ClientId& id);

// member_exists, member_class_not_found; invalid_member_id for a subsystem or one of another
// instance.
Result<void> add_member(Change& change, const ClientId& id, const std::string& name);
Result<void> rename_member(Change& change, const ClientId& id, const std::string& name);
// With all it has, as X-Road does: its subsystems, its security servers and what they serve,
// its places in groups.
Result<void> delete_member(Change& change, const ClientId& id);

}  // namespace causeway::centralserver
