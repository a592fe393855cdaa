// SPDX-License-Identifier: MIT
// PostgreSQL (11 or newer) as the engine of a Database: one connection to a server.
//
// Rows of a statement are all held in memory from its first next() to its end. A
// connection that is lost stays lost, and everything on it is database_error.unavailable:
// whoever owns it opens another, which also looks anew at what it is connected to.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace causeway::store {

struct PostgresOptions {
  // Where tables are looked for and made; it is made itself unless read_only. Empty: as the
  // server's search_path has it.
  std::string schema = {};
  bool read_only = false;
  // False: COMMIT does not wait for the disk; what is lost in a crash is the latest.
  bool durable = true;
  // For each address; a connect_timeout in the connection string counts instead.
  std::chrono::seconds connect_timeout{5};
  std::chrono::milliseconds lock_timeout{5000};
  // Of one statement. A server that does not even say so by then is given up soon after.
  std::chrono::milliseconds statement_timeout{60000};
};

// `connection` is a connection string or URI as libpq takes it, with TLS (sslmode,
// sslrootcert, sslcert, ...), several hosts and passfile; the environment counts as for
// libpq. It may hold a password and is never part of a fault's text.
Result<std::unique_ptr<Database>> open_postgres(const std::string& connection, const PostgresOptions& options = {});

// Whether libpq can read it; its form alone. database_error.
Result<void> check_connection_string(const std::string& connection);

}  // namespace causeway::store
