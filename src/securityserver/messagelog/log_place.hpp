// SPDX-License-Identifier: MIT
// Where a log is, and where its index.
#pragma once

#include <string>

#include "base/parameters.hpp"
#include "base/result.hpp"

namespace causeway::securityserver {

struct LogPlace {
  // message-log.index-database and index-database-schema. malformed_server_conf.
  static Result<LogPlace> from(const Parameters& parameters, std::string directory);

  bool index_is_remote() const { return !index_database.empty(); }

  std::string directory;  // of the segments
  // A connection string of PostgreSQL, perhaps with a password: for no log and no status.
  // Empty: the index is a SQLite file beside the segments.
  std::string index_database = {};
  // Of that database: servers that share one each have their own.
  std::string index_schema = "messagelog";
};

}  // namespace causeway::securityserver
