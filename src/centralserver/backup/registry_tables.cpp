// SPDX-License-Identifier: MIT
#include "centralserver/backup/registry_tables.hpp"

#include <algorithm>
#include <array>

#include "centralserver/registry/query.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::array kTables{
    RegistryTable{"system_parameter", "name, node"}, RegistryTable{"member_class", "id", true},
    // A subsystem has the number of its member.
    RegistryTable{"client", "CASE WHEN member_id IS NULL THEN 0 ELSE 1 END, id", true},
    RegistryTable{"security_server", "id", true}, RegistryTable{"authentication_certificate", "id", true},
    RegistryTable{"server_client", "server_id, client_id"}, RegistryTable{"global_group", "id", true},
    RegistryTable{"global_group_member", "id", true}, RegistryTable{"certification_service", "id", true},
    RegistryTable{"certificate_authority", "id", true}, RegistryTable{"ocsp_responder", "id", true},
    RegistryTable{"timestamping_service", "id", true}, RegistryTable{"trusted_anchor", "id", true},
    RegistryTable{"configuration_part", "content_identifier"}, RegistryTable{"history", "id", true},
    RegistryTable{"api_key", "id", true}, RegistryTable{"api_key_role", "api_key, role"},
    RegistryTable{"signing_key", "id", true}, RegistryTable{"source_anchor", "source"},
    RegistryTable{"configuration_generation", "node"}, RegistryTable{"request_processing", "id", true},
    RegistryTable{"management_request", "id", true}, RegistryTable{"client_search", "client_id"}};

bool is_sqlite(const store::Database& database) { return database.engine() == store::Engine::sqlite; }

ColumnKind kind_of(std::string_view type) {
  if (type == "TEXT" || type == "text") return ColumnKind::text;
  return type == "BLOB" || type == "bytea" ? ColumnKind::octets : ColumnKind::number;
}

// As PostgreSQL calls what numbers a column `id`.
std::string sequence_of(const RegistryTable& table) { return std::string(table.name) + "_id_seq"; }

}  // namespace

std::span<const RegistryTable> registry_tables() { return kTables; }

const RegistryTable* registry_table(std::string_view name) {
  const auto found = std::ranges::find(kTables, name, &RegistryTable::name);
  return found == kTables.end() ? nullptr : &*found;
}

Result<std::vector<RegistryColumn>> columns_of(store::Database& database, const RegistryTable& table) {
  return read_rows(
      database,
      is_sqlite(database) ? "SELECT name, type FROM pragma_table_info($1) ORDER BY cid"
                          : "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = "
                            "current_schema() AND table_name = $1 ORDER BY ordinal_position",
      [](const store::Statement& row) -> Result<RegistryColumn> {
        return RegistryColumn{std::string(row.text(0)), kind_of(row.text(1))};
      },
      table.name);
}

Result<std::int64_t> last_number(store::Database& database, const RegistryTable& table) {
  auto number =
      is_sqlite(database)
          ? read_row(database, "SELECT seq FROM sqlite_sequence WHERE name = $1", read_integer, table.name)
          : read_row(database, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " + sequence_of(table),
                     read_integer);
  if (!number) return number.error();
  return number->value_or(0);
}

Result<void> set_last_number(store::Database& database, const RegistryTable& table, std::int64_t number) {
  if (number <= 0) return {};
  if (!is_sqlite(database)) return run(database, "SELECT setval(CAST($1 AS regclass), $2)", sequence_of(table), number);
  if (auto gone = run(database, "DELETE FROM sqlite_sequence WHERE name = $1", table.name); !gone) return gone;
  return run(database, "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", table.name, number);
}

}  // namespace causeway::centralserver
