// SPDX-License-Identifier: MIT
#include "centralserver/registry/server_search.hpp"

#include "centralserver/registry/conditions.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

std::string column_of(ServerOrder order) {
  switch (order) {
    case ServerOrder::owner_name:
      return "owner.name";
    case ServerOrder::owner_class:
      return "owner.class";
    case ServerOrder::owner_code:
      return "owner.code";
    case ServerOrder::code:
      return "LOWER(server.code)";
    case ServerOrder::number:
      break;
  }
  return "server.id";
}

}  // namespace

Result<Page<FoundServer>> find_security_servers(const Registry& registry, const std::string& text, ServerOrder order,
                                                const Paging& paging) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  const std::string tables = std::string(kServerTables) + "JOIN client_search owner ON owner.client_id = client.id";
  Conditions conditions(registry.database().engine());
  conditions.contains({"owner.text", "LOWER(server.code)"}, text);
  auto total = count_of(registry.database(), tables, conditions);
  if (!total) return total.error();
  const std::string direction = paging.descending ? " DESC" : "";
  const auto read = [&](const store::Statement& row) -> Result<FoundServer> {
    auto server = read_server(row, *instance);
    if (!server) return server.error();
    return FoundServer{*std::move(server), std::string(row.text(9))};
  };
  auto rows =
      read_bound_rows(registry.database(),
                      "SELECT" + std::string(kServerColumns) + ", client.name FROM" + tables + conditions.where() +
                          " ORDER BY " + column_of(order) + direction + ", server.id" + direction + conditions.limit(),
                      read, conditions.paged_values(paging));
  if (!rows) return rows.error();
  return Page<FoundServer>{*std::move(rows), *total};
}

}  // namespace causeway::centralserver
