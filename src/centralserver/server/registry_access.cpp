// SPDX-License-Identifier: MIT
#include "centralserver/server/registry_access.hpp"

#include "centralserver/api/api_operations.hpp"
#include "store/postgres.hpp"
#include "store/sqlite.hpp"

namespace causeway::centralserver {
namespace {

bool is_postgres(const std::string& database) {
  return database.starts_with("postgresql://") || database.starts_with("postgres://");
}

}  // namespace

Result<std::unique_ptr<store::Database>> open_database(const CentralServerSettings& settings) {
  if (is_postgres(settings.database)) return store::open_postgres(settings.database);
  return store::open_sqlite((settings.directory / settings.database).string());
}

Result<std::unique_ptr<Registry>> open_registry(const CentralServerSettings& settings) {
  auto database = open_database(settings);
  if (!database) return std::move(database).error();
  auto registry = Registry::open(*std::move(database), settings.node);
  if (!registry) return std::move(registry).error();
  return std::make_unique<Registry>(*std::move(registry));
}

RestorePlace restore_place(const std::filesystem::path& directory, std::string node) {
  OpenDatabase open = [directory](const std::filesystem::path& of) -> Result<std::unique_ptr<store::Database>> {
    auto settings = CentralServerSettings::load(of);
    if (!settings) return settings.error();
    // The copy tells which database; a file lies in the directory itself.
    settings->directory = directory;
    return open_database(*settings);
  };
  return {.directory = directory, .open_database = std::move(open), .node = std::move(node)};
}

Result<admin::NewApiKey> make_api_key(const CentralServerSettings& settings, const admin::Names& roles) {
  auto registry = open_registry(settings);
  if (!registry) return std::move(registry).error();
  const admin::Roles known = central_server_roles();
  admin::Names all = roles;
  all.insert("XROAD_SYSTEM_ADMINISTRATOR");  // who may give the role of management services as well
  return admin::ApiKeys(known).create((*registry)->database(), roles,
                                      {.name = "the command line", .roles = std::move(all), .permissions = {}});
}

}  // namespace causeway::centralserver
