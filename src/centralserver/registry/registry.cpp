// SPDX-License-Identifier: MIT
#include "centralserver/registry/registry.hpp"

#include "centralserver/registry/kept_statements.hpp"
#include "centralserver/registry/schema.hpp"
#include "store/migrations.hpp"

namespace causeway::centralserver {

Result<Registry> Registry::open(std::unique_ptr<store::Database> database, std::string node) {
  if (auto migrated = store::migrate(*database, registry_migrations()); !migrated)
    return migrated.error().while_doing("the registry");
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
