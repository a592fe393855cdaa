// SPDX-License-Identifier: MIT
// Who may log in, and in which roles.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "admin/roles.hpp"
#include "base/result.hpp"

namespace causeway::admin {

class Users {
 public:
  virtual ~Users() = default;
  // The roles of the user, at least one. login_failed when the password is not theirs or they
  // have no role; waits for as long as the system takes to say so. From any thread.
  virtual Result<Names> log_in(const std::string& user, const std::string& password) const = 0;
};

struct PamOptions {
  // The PAM service that judges passwords, and where it is configured: empty for the system's.
  std::string service = "xroad";
  std::string configuration_directory = {};
  // By role: the groups of the operating system that have it.
  std::map<std::string, std::vector<std::string>> groups_by_role;
};

// Users of the operating system.
std::unique_ptr<Users> users_of_the_system(PamOptions options);

}  // namespace causeway::admin
