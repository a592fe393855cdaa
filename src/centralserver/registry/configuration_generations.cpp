// SPDX-License-Identifier: MIT
#include "centralserver/registry/configuration_generations.hpp"

#include "centralserver/registry/query.hpp"

namespace causeway::centralserver {

Result<void> note_generation(const Registry& registry, TimePoint at) {
  return run(registry.database(),
             "INSERT INTO configuration_generation (node, generated) VALUES ($1, $2)"
             " ON CONFLICT (node) DO UPDATE SET generated = excluded.generated",
             registry.node(), to_unix_millis(at));
}

Result<std::map<std::string, TimePoint>> configuration_generations(const Registry& registry) {
  using Generated = std::pair<std::string, TimePoint>;
  auto rows = read_rows(registry.database(), "SELECT node, generated FROM configuration_generation",
                        [](const store::Statement& row) -> Result<Generated> {
                          return Generated(std::string(row.text(0)), from_unix_millis(row.integer(1)));
                        });
  if (!rows) return rows.error();
  return std::map<std::string, TimePoint>(rows->begin(), rows->end());
}

Result<std::int64_t> latest_change(const Registry& registry) {
  auto number = read_row(registry.database(), "SELECT max(id) FROM history", read_integer);
  if (!number) return number.error();
  return number->value_or(0);
}

}  // namespace causeway::centralserver
