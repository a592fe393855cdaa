// SPDX-License-Identifier: MIT
// What was changed, by whom and when. It is only ever added to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {

enum class HistoryAction { added, changed, deleted };
std::string_view to_string(HistoryAction action);

struct HistoryEntry {
  std::int64_t number = 0;
  std::int64_t change = 0;  // the same for all that was done together
  TimePoint time;
  std::string author;
  HistoryAction action = HistoryAction::added;
  std::string kind;     // "member", "security server", ...
  std::string subject;  // which one
  std::string field;    // what of it; empty when all of it was added or deleted
  std::string before, after;
};

// At most `limit` of the entries after number `after`, oldest first.
Result<std::vector<HistoryEntry>> read_history(const Registry& registry, std::int64_t after = 0, int limit = 1000);

}  // namespace causeway::centralserver
