// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archive_store.hpp"

#include <array>
#include <filesystem>

#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::array kMigrations{store::Migration{1, "archives", R"(
CREATE TABLE chain (
  name TEXT PRIMARY KEY,
  last_link TEXT NOT NULL,
  last_file TEXT NOT NULL,
  archived_until INTEGER NOT NULL
);
CREATE TABLE pending (temporary TEXT NOT NULL, final TEXT NOT NULL);
CREATE TABLE progress (archived_until INTEGER NOT NULL);
INSERT INTO progress VALUES (0);
CREATE TABLE tag (tag TEXT NOT NULL);
INSERT INTO tag VALUES (lower(hex(randomblob(8))));
)"}};

std::string path_in(const std::string& directory) { return directory + "/archive.db"; }

}  // namespace

std::string member_of(std::string_view owner) {
  std::size_t end = 0;
  for (int part = 0; part < 3; ++part) {
    end = owner.find('/', end + (part > 0 ? 1 : 0));
    if (end == std::string_view::npos) return std::string(owner);
  }
  return std::string(owner.substr(0, end));
}

std::string group_name(ArchiveGrouping grouping, std::string_view owner) {
  switch (grouping) {
    case ArchiveGrouping::member:
      return "member " + member_of(owner);
    case ArchiveGrouping::subsystem:
      return "subsystem " + std::string(owner);
    case ArchiveGrouping::none:
      break;
  }
  return {};
}

Result<std::uint64_t> archived_until(const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::exists(path_in(directory), error)) return std::uint64_t{0};
  auto store = ArchiveStore::open(directory);
  return store ? store->archived_until() : Result<std::uint64_t>(store.error());
}

Result<ArchiveStore> ArchiveStore::open(const std::string& directory) {
  auto database = store::open_sqlite(path_in(directory));
  if (!database) return database.error();
  if (auto migrated = store::migrate(**database, kMigrations); !migrated) return migrated.error();
  return ArchiveStore(*std::move(database));
}

Result<std::string> ArchiveStore::tag() const {
  auto select = database_->prepare("SELECT tag FROM tag");
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  return std::string((*select)->text(0));
}

Result<ArchiveChain> ArchiveStore::chain(const std::string& group) const {
  auto select = database_->prepare("SELECT last_link, last_file, archived_until FROM chain WHERE name = $1");
  if (!select) return select.error();
  if (auto started = (*select)->start(group); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  if (!*row) return ArchiveChain{group, {}, {}, 0};
  return ArchiveChain{group, std::string((*select)->text(0)), std::string((*select)->text(1)),
                      static_cast<std::uint64_t>((*select)->integer(2))};
}

Result<void> ArchiveStore::add(const ArchiveChain& chain, const PendingArchive& archive) {
  auto transaction = store::Transaction::begin(*database_);
  if (!transaction) return transaction.error();
  auto update = database_->prepare(
      "INSERT INTO chain (name, last_link, last_file, archived_until) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (name) DO UPDATE SET last_link = $2, last_file = $3, archived_until = $4");
  if (!update) return update.error();
  auto updated = (*update)->run(chain.group, chain.last_link, chain.last_file, chain.archived_until);
  if (!updated) return updated;
  auto insert = database_->prepare("INSERT INTO pending (temporary, final) VALUES ($1, $2)");
  if (!insert) return insert.error();
  if (auto inserted = (*insert)->run(archive.temporary, archive.final); !inserted) return inserted;
  return transaction->commit();
}

Result<std::optional<PendingArchive>> ArchiveStore::pending() const {
  auto select = database_->prepare("SELECT temporary, final FROM pending LIMIT 1");
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  if (!*row) return std::optional<PendingArchive>();
  return std::optional(PendingArchive{std::string((*select)->text(0)), std::string((*select)->text(1))});
}

Result<void> ArchiveStore::settle() { return database_->execute("DELETE FROM pending"); }

Result<std::uint64_t> ArchiveStore::archived_until() const {
  auto select = database_->prepare("SELECT archived_until FROM progress");
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  return static_cast<std::uint64_t>((*select)->integer(0));
}

Result<void> ArchiveStore::set_archived_until(std::uint64_t record) {
  auto update = database_->prepare("UPDATE progress SET archived_until = $1");
  if (!update) return update.error();
  return (*update)->run(record);
}

Result<bool> ArchiveStore::is_archived(const FoundRecord& record) const {
  auto select = database_->prepare(
      "SELECT 1 FROM progress WHERE archived_until >= $1 "
      "UNION ALL SELECT 1 FROM chain WHERE name IN ('', $2, $3) AND archived_until >= $1 LIMIT 1");
  if (!select) return select.error();
  const std::string member = group_name(ArchiveGrouping::member, record.owner);
  const std::string subsystem = group_name(ArchiveGrouping::subsystem, record.owner);
  if (auto started = (*select)->start(record.id, member, subsystem); !started) return started.error();
  return (*select)->next();
}

}  // namespace causeway::securityserver
