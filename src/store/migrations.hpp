// SPDX-License-Identifier: MIT
// Numbered changes of a schema, each applied once and in one transaction.
#pragma once

#include <span>
#include <string_view>

#include "store/database.hpp"

namespace causeway::store {

struct Migration {
  int number;  // from 1, without gaps
  std::string_view name;
  std::string_view sql;
};

// Brings the schema up to the last of `migrations`; what is applied stands in the table
// schema_migration. database_error when one fails (nothing of it remains), or when the
// database has been written by a newer program.
Result<void> migrate(Database& database, std::span<const Migration> migrations);

}  // namespace causeway::store
