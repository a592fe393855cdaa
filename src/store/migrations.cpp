// SPDX-License-Identifier: MIT
#include "store/migrations.hpp"

#include <string>

#include "base/clock.hpp"
#include "domain/fault_code.hpp"

namespace causeway::store {
namespace {

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL)";

// SQLite's transaction has the write lock from its beginning.
constexpr std::string_view kPostgresLock =
    "SELECT pg_advisory_xact_lock(hashtext('schema_migration of ' || current_schema()))";

Result<std::int64_t> last_applied(Database& database) {
  auto select = database.prepare("SELECT COALESCE(MAX(number), 0) FROM schema_migration");
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  return (*select)->integer(0);
}

Result<void> apply(Database& database, const Migration& migration) {
  const bool otherwise = database.engine() == Engine::postgres && !migration.postgres.empty();
  if (auto done = database.execute(otherwise ? migration.postgres : migration.sql); !done) return done;
  auto note = database.prepare("INSERT INTO schema_migration (number, name, applied) VALUES ($1, $2, $3)");
  if (!note) return note.error();
  const std::string applied = to_iso_seconds(now());
  return (*note)->run(migration.number, migration.name, applied);
}

}  // namespace

Result<void> migrate(Database& database, std::span<const Migration> migrations) {
  // One transaction around all: two processes that start at once do not race, and a
  // failed migration leaves the schema as it was.
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  if (auto done = migrate_within(database, migrations); !done) return done;
  return transaction->commit();
}

Result<void> migrate_within(Database& database, std::span<const Migration> migrations) {
  if (database.engine() == Engine::postgres)
    if (auto locked = database.execute(kPostgresLock); !locked) return locked;
  if (auto made = database.execute(kTable); !made) return made;
  const auto last = last_applied(database);
  if (!last) return last.error();
  if (*last > static_cast<std::int64_t>(migrations.size()))
    return fault(FaultCode::database_error, "the database has schema number " + std::to_string(*last) +
                                                ", this program knows " + std::to_string(migrations.size()) +
                                                ": it was written by a newer version; install that version");
  int expected = 0;
  for (const Migration& migration : migrations) {
    if (migration.number != ++expected)
      return fault(FaultCode::database_error, "migrations are not numbered 1, 2, 3, ...");
    if (migration.number <= *last) continue;
    if (auto done = apply(database, migration); !done)
      return done.error().while_doing("migration " + std::to_string(migration.number) + " " +
                                      std::string(migration.name));
  }
  return {};
}

}  // namespace causeway::store
