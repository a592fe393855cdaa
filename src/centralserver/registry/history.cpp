// SPDX-License-Identifier: MIT
#include "centralserver/registry/history.hpp"

#include "centralserver/registry/query.hpp"
#include "domain/fault_code.hpp"

namespace causeway::centralserver {
namespace {

Result<HistoryEntry> read_entry(const store::Statement& row) {
  HistoryEntry entry{.number = row.integer(0),
                     .change = row.integer(1),
                     .time = from_unix_millis(row.integer(2)),
                     .author = std::string(row.text(3)),
                     .action = HistoryAction::added,
                     .kind = std::string(row.text(5)),
                     .subject = std::string(row.text(6)),
                     .field = std::string(row.text(7)),
                     .before = std::string(row.text(8)),
                     .after = std::string(row.text(9))};
  for (const auto action : {HistoryAction::added, HistoryAction::changed, HistoryAction::deleted}) {
    entry.action = action;
    if (to_string(action) == row.text(4)) return entry;
  }
  return fault(FaultCode::database_error, "The history has an unknown action: " + std::string(row.text(4)));
}

}  // namespace

std::string_view to_string(HistoryAction action) {
  switch (action) {
    case HistoryAction::added:
      return "added";
    case HistoryAction::changed:
      return "changed";
    case HistoryAction::deleted:
      return "deleted";
  }
  return {};
}

Result<std::vector<HistoryEntry>> read_history(const Registry& registry, std::int64_t after, int limit) {
  return read_rows(registry.database(),
                   "SELECT id, change, time, author, action, kind, subject, field, before, after FROM history"
                   " WHERE id > $1 ORDER BY id LIMIT $2",
                   read_entry, after, limit);
}

}  // namespace causeway::centralserver
