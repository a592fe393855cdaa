// SPDX-License-Identifier: MIT
// What the roles of a server may do (administration.md 2).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace causeway::admin {

using Names = std::set<std::string, std::less<>>;

class Roles {
 public:
  explicit Roles(std::map<std::string, Names, std::less<>> permissions_by_role)
      : permissions_(std::move(permissions_by_role)) {}

  bool known(std::string_view role) const { return permissions_.find(role) != permissions_.end(); }
  // Of all of them together. A role that is not known has none.
  Names permissions_of(const Names& roles) const;

 private:
  std::map<std::string, Names, std::less<>> permissions_;
};

// Who asks, once that is known.
struct Caller {
  enum class Means { session, api_key, password };

  std::string name;  // of a key: "api-key-<id>", as it stands in the audit log
  Names roles;
  Names permissions;
  Means means = Means::session;
  std::string session_id = {};  // of a session

  bool may(std::string_view permission) const { return permissions.find(permission) != permissions.end(); }
  // A role can be given to a key only by who has it; that of management services, which no
  // person has, by a system administrator.
  bool may_grant(std::string_view role) const;
};

}  // namespace causeway::admin
