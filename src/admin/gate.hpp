// SPDX-License-Identifier: MIT
// Who is at the door of an admin API: by session, API key, or user name and password
// (administration.md 1). What they may do then is a matter of permissions.
#pragma once

#include <variant>

#include "admin/address_list.hpp"
#include "admin/api_error.hpp"
#include "admin/api_keys.hpp"
#include "admin/knock.hpp"
#include "admin/sessions.hpp"
#include "admin/users.hpp"

namespace causeway::admin {

struct GateOptions {
  AddressList callers;       // regular-api-whitelist: who may use keys
  AddressList key_managers;  // key-management-api-whitelist: who may use a password
};

class Gate {
 public:
  Gate(GateOptions options, const Roles& roles, ApiKeys& keys, Sessions& sessions, const Users& users)
      : options_(std::move(options)), roles_(roles), keys_(keys), sessions_(sessions), users_(users) {}

  // 401: nobody who is known. 403: a session whose request does not carry its CSRF token, which
  // is asked of every method, as X-Road does. Waits for the database and the system's users.
  std::variant<Caller, ApiError> admit(store::Database& database, const Knock& knock, Sessions::Clock::time_point now);

 private:
  std::variant<Caller, ApiError> by_session(Session session, const Knock& knock) const;
  std::variant<Caller, ApiError> by_key(store::Database& database, const Knock& knock, Sessions::Clock::time_point now);
  std::variant<Caller, ApiError> by_password(const Knock& knock) const;

  const GateOptions options_;
  const Roles& roles_;
  ApiKeys& keys_;
  Sessions& sessions_;
  const Users& users_;
};

}  // namespace causeway::admin
