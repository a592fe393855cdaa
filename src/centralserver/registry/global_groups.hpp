// SPDX-License-Identifier: MIT
// Groups of members and subsystems that services can be opened to.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct NewGlobalGroup {
  std::string code, description;
};

struct RegisteredGroup {
  std::string code, description;
  TimePoint created, updated;
};

struct RegisteredGroupMember {
  ClientId id;
  TimePoint created;
};

// What a member, or one of its subsystems, is in.
struct GroupMembership {
  std::string group;
  std::string subsystem_code;  // empty: the member itself
  TimePoint added;
};

Result<std::vector<RegisteredGroup>> global_groups(const Registry& registry);
// global_group_not_found.
Result<RegisteredGroup> global_group(const Registry& registry, const std::string& code);
Result<std::vector<RegisteredGroupMember>> global_group_members(const Registry& registry, const std::string& code);
// Of a member and its subsystems; one that is not there is in none.
Result<std::vector<GroupMembership>> group_memberships(const Registry& registry, const ClientId& member);

// global_group_exists.
Result<void> add_global_group(Change& change, const NewGlobalGroup& group);
Result<void> describe_global_group(Change& change, const std::string& code, const std::string& description);
// owners_global_group_cannot_be_deleted.
Result<void> delete_global_group(Change& change, const std::string& code);

// The ones that were not in it yet. member_not_found or subsystem_not_found, and then none is
// added; cannot_add_member_to_owners_group.
Result<std::vector<ClientId>> add_global_group_members(Change& change, const std::string& code,
                                                       const std::vector<ClientId>& ids);
// member_not_found when it is not in the group; owners_global_group_member_cannot_be_deleted.
Result<void> remove_global_group_member(Change& change, const std::string& code, const ClientId& id);

// For this library: owners are put in and taken out with their servers.
Result<void> add_to_owners_group(Change& change, const ClientId& owner);
Result<void> remove_from_owners_group(Change& change, const ClientId& owner);

}  // namespace causeway::centralserver
