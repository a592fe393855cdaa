// SPDX-License-Identifier: MIT
// The database of a log's index: a SQLite file beside the segments, or a schema of a
// PostgreSQL database. Worth nothing by itself: it can be made again from the segments.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "securityserver/messagelog/log_place.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

enum class IndexUse {
  fill,   // made if absent, of the newest form, and filled by nobody else meanwhile
  amend,  // as it is; by one who may remove rows
  read,   // as it is
};

// Faults of store::open_sqlite and open_postgres, and database_error where it is absent or of
// an older form. database_error.busy when another server fills the schema.
Result<std::unique_ptr<store::Database>> open_index_database(const LogPlace& place, IndexUse use);

// SQLite: the file. PostgreSQL: its tables, and nothing that another program has made in
// the schema; database_error then.
Result<void> remove_index_database(const LogPlace& place);

// Takes out everything; success also leaves it ready to be filled from the beginning.
Result<void> empty_index_database(store::Database& database);

}  // namespace causeway::securityserver
