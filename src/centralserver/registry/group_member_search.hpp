// SPDX-License-Identifier: MIT
// Looking for the members of a global group.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/paging.hpp"
#include "centralserver/registry/registry.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct FoundGroupMember {
  std::int64_t number = 0;
  ClientId id;
  std::string member_name;
  TimePoint created;
};

// What is empty or blank is not asked for.
struct GroupMemberSearch {
  std::string any = {};  // anywhere in the name of the member, in a part of the identifier or in its type, in any case
  std::string instance = {}, member_class = {};                      // exactly
  std::vector<std::string> member_codes = {}, subsystem_codes = {};  // any one of them
  bool members = true, subsystems = true;
};

enum class GroupMemberOrder { number, member_name, type, member_class, member_code, subsystem_code, created };

// Of a group that is not there, nobody.
Result<Page<FoundGroupMember>> find_group_members(const Registry& registry, const std::string& group,
                                                  const GroupMemberSearch& search, GroupMemberOrder order,
                                                  const Paging& paging);

// The values that members of a group have, each once.
struct GroupMemberValues {
  std::vector<std::string> instances, member_classes, member_codes, subsystem_codes;
};
Result<GroupMemberValues> group_member_values(const Registry& registry, const std::string& group);

}  // namespace causeway::centralserver
