// SPDX-License-Identifier: MIT
#include "centralserver/registry/registry.hpp"

#include "centralserver/registry/kept_statements.hpp"
#include "centralserver/registry/schema.hpp"
#include "store/migrations.hpp"

namespace causeway::centralserver {
namespace {

// A registry grows from nothing to hundreds of thousands of rows, and is searched for what few have
// and for what all have: a plan that was made for others may read all rows where one is wanted
// (PostgreSQL 11 has no such setting). It fits into memory, where a row is found by its index at the
// cost of any other. And no answer takes as long as compiling its plan would, or gains by processes
// that are started for it.
constexpr std::string_view kPostgresPlans =
    "SELECT set_config(name, 'force_custom_plan', false) FROM pg_settings WHERE name = 'plan_cache_mode';"
    "SET random_page_cost = 1.1; SET jit = off; SET max_parallel_workers_per_gather = 0";

}  // namespace

Result<Registry> Registry::open(std::unique_ptr<store::Database> database, std::string node) {
  if (auto migrated = store::migrate(*database, registry_migrations()); !migrated)
    return migrated.error().while_doing("the registry");
  if (database->engine() == store::Engine::postgres)
    if (auto set = database->execute(kPostgresPlans); !set) return set.error().while_doing("the registry");
  return Registry(keep_statements(std::move(database)), std::move(node));
}

Result<RegistrySnapshot> RegistrySnapshot::take(const Registry& registry) {
  store::Database& database = registry.database();
  // SQLite's transactions read what was there at their first read.
  const bool sqlite = database.engine() == store::Engine::sqlite;
  auto begun = database.execute(sqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!begun) return begun.error();
  return RegistrySnapshot(database);
}

RegistrySnapshot::~RegistrySnapshot() {
  if (database_) (void)database_->execute("ROLLBACK").ok();
}

}  // namespace causeway::centralserver
