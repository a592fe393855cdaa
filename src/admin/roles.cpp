// SPDX-License-Identifier: MIT
#include "admin/roles.hpp"

namespace causeway::admin {

Names Roles::permissions_of(const Names& roles) const {
  Names all;
  for (const std::string& role : roles)
    if (const auto found = permissions_.find(role); found != permissions_.end())
      all.insert(found->second.begin(), found->second.end());
  return all;
}

bool Caller::may_grant(std::string_view role) const {
  return roles.contains(role == "XROAD_MANAGEMENT_SERVICE" ? "XROAD_SYSTEM_ADMINISTRATOR" : role);
}

}  // namespace causeway::admin
