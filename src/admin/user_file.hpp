// SPDX-License-Identifier: MIT
// Users of a file, for a server on whose machine nobody has an account, or PAM is not set up: a
// line each, "name:hash:ROLE,ROLE". Hashes are those of crypt(5), as in /etc/shadow.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "admin/users.hpp"

namespace causeway::admin {

// The file is read with every login. A line that is none of its kind is nobody's.
std::unique_ptr<Users> users_of_file(std::filesystem::path file);

// Adds a user, or gives another password and roles to the one of this name. bad_request for a name
// or a password that cannot be used; io_error.
Result<void> put_user(const std::filesystem::path& file, const std::string& name, const std::string& password,
                      const Names& roles);

}  // namespace causeway::admin
