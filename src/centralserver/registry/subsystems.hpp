// SPDX-License-Identifier: MIT
// The subsystems of members.
#pragma once

#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct RegisteredSubsystem {
  ClientId id;
  std::string name;  // empty: it has none
};

Result<std::vector<RegisteredSubsystem>> subsystems(const Registry& registry);
// member_not_found.
Result<std::vector<RegisteredSubsystem>> subsystems(const Registry& registry, const ClientId& member);
// All of one subsystem: subsystem_not_found, invalid_subsystem_id for a member.
Result<RegisteredSubsystem> subsystem(const Registry& registry, const ClientId& id);

// subsystem_exists, member_not_found; invalid_subsystem_id for a member or one of another
// instance.
Result<void> add_subsystem(Change& change, const ClientId& id, const std::string& name);
// An empty name takes it away.
Result<void> rename_subsystem(Change& change, const ClientId& id, const std::string& name);
// subsystem_registered_and_cannot_be_deleted as long as it is a client of a server, also of
// one where it is disabled.
Result<void> delete_subsystem(Change& change, const ClientId& id);

}  // namespace causeway::centralserver
