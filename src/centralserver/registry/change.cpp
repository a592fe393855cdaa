// SPDX-License-Identifier: MIT
#include "centralserver/registry/change.hpp"

#include "centralserver/registry/query.hpp"

namespace causeway::centralserver {
namespace {

// SQLite's transaction has the write lock from its beginning.
constexpr std::string_view kPostgresLock =
    "SELECT pg_advisory_xact_lock(hashtextextended('change of the registry in ' || current_schema(), 0))";

// Who did it is written down, whatever they call themselves.
std::string readable(std::string name) {
  if (is_database_text(name)) return name;
  std::string out;
  for (const char c : name) {
    if (c == '\0' || (c & 0x80) != 0)
      out += "\ufffd";
    else
      out += c;
  }
  return out;
}

}  // namespace

Result<Change> Change::begin(const Registry& registry, std::string author, TimePoint at) {
  auto transaction = store::Transaction::begin(registry.database());
  if (!transaction) return transaction.error();
  if (registry.database().engine() == store::Engine::postgres)
    if (auto locked = registry.database().execute(kPostgresLock); !locked) return locked.error();
  return Change(registry, *std::move(transaction), readable(std::move(author)), at);
}

Result<void> Change::note_added(std::string_view kind, std::string_view subject, std::string_view what) {
  return note(HistoryAction::added, kind, subject, "", "", what);
}

Result<void> Change::note_deleted(std::string_view kind, std::string_view subject, std::string_view what) {
  return note(HistoryAction::deleted, kind, subject, "", what, "");
}

Result<void> Change::note_changed(std::string_view kind, std::string_view subject, std::string_view field,
                                  std::string_view before, std::string_view after) {
  if (before == after) return {};
  return note(HistoryAction::changed, kind, subject, field, before, after);
}

Result<void> Change::note(HistoryAction action, std::string_view kind, std::string_view subject, std::string_view field,
                          std::string_view before, std::string_view after) {
  auto id = insert(database(),
                   "INSERT INTO history (change, time, author, action, kind, subject, field, before, after)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
                   number_, millis(), author_, to_string(action), kind, subject, field, before, after);
  if (!id) return id.error();
  if (number_ != 0) return {};
  number_ = *id;
  return run(database(), "UPDATE history SET change = $1 WHERE id = $1", number_);
}

}  // namespace causeway::centralserver
