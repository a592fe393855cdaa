// SPDX-License-Identifier: MIT
#include "centralserver/requests/request_search.hpp"

#include <array>

#include "base/utf8.hpp"
#include "centralserver/registry/conditions.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "centralserver/requests/request_rows.hpp"

namespace causeway::centralserver {
namespace {

std::string member_named(const std::string& table, const std::string& class_column, const std::string& code_column) {
  return "LEFT JOIN member_class " + table + "_class ON " + table + "_class.code = request." + class_column +
         " LEFT JOIN client " + table + " ON " + table + ".member_class_id = " + table + "_class.id AND " + table +
         ".member_code = request." + code_column + " AND " + table + ".subsystem_code = '' ";
}

// With the server's owner and the client's member, where they are there.
const std::string& tables() {
  static const std::string text = kRequestTables + member_named("owner", "server_class", "server_member") +
                                  member_named("joining", "client_class", "client_member") +
                                  "LEFT JOIN client_search search ON search.client_id = owner.id";
  return text;
}

// Only what is looked at: there may be hundreds of thousands. None of what is joined is there twice.
std::string tables_of(const RequestSearch& search, RequestOrder order) {
  if (!Conditions::is_blank(search.any) || order == RequestOrder::owner_name) return tables();
  return search.status || order == RequestOrder::status ? kRequestTables : " management_request request ";
}

// "2026-03-01 10:00:00", in UTC, by which people look for them.
std::string_view time_text(store::Engine engine) {
  return engine == store::Engine::postgres
             ? "TO_CHAR(TO_TIMESTAMP(request.created / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
             : "STRFTIME('%Y-%m-%d %H:%M:%S', request.created / 1000, 'unixepoch')";
}

Conditions conditions_of(const Registry& registry, const RequestSearch& search, const std::string& instance) {
  Conditions conditions(registry.database().engine());
  conditions.contains(
      {"search.name", "LOWER(request.server_class)", "LOWER(request.server_member)", "LOWER(request.server_code)",
       "CAST(request.id AS TEXT)", time_text(registry.database().engine())},
      search.any, Conditions::is_in(search.any, lower_case(instance)) ? "1 = 1" : "");
  if (search.origin) conditions.add("request.origin = $", std::string(to_string(*search.origin)));
  if (search.status) conditions.add("processing.status = $", std::string(to_string(*search.status)));
  std::vector<std::string> types;
  for (const RequestType type : search.types) types.emplace_back(to_string(type));
  conditions.any_of("request.type", types);
  if (!search.server) return conditions;
  if (search.server->owner().instance() != instance) conditions.none();
  conditions.add("request.server_class = $", search.server->owner().member_class());
  conditions.add("request.server_member = $", search.server->owner().member_code());
  conditions.add("request.server_code = $", search.server->code());
  return conditions;
}

std::string order_by(RequestOrder order, bool descending) {
  const std::string direction = descending ? " DESC" : "";
  std::string text;
  const auto by = [&](const std::string& column) { text += column + direction + ", "; };
  const auto by_what_may_be_missing = [&](const std::string& column) {
    by("CASE WHEN " + column + " IS NULL THEN 1 ELSE 0 END");
    by(column);
  };
  switch (order) {
    case RequestOrder::created:
      by("request.created");
      break;
    case RequestOrder::type:
      by("request.type");
      break;
    case RequestOrder::owner_name:
      by_what_may_be_missing("search.name");
      break;
    case RequestOrder::server:
      by("LOWER(request.server_class)");
      by("LOWER(request.server_member)");
      by("LOWER(request.server_code)");
      break;
    case RequestOrder::status:
      by_what_may_be_missing("processing.status");
      break;
    case RequestOrder::number:
      break;
  }
  return " ORDER BY " + text + "request.id" + direction;
}

Result<std::vector<FoundRequest>> selected(const Registry& registry, const std::string& instance,
                                           const std::string& rest, std::span<const store::Parameter> values) {
  const auto read = [&](const store::Statement& row) -> Result<FoundRequest> {
    auto request = read_request(row, instance);
    if (!request) return request.error();
    return FoundRequest{*std::move(request), optional_text(row, kRequestColumnCount),
                        optional_text(row, kRequestColumnCount + 1)};
  };
  return read_bound_rows(registry.database(),
                         "SELECT" + std::string(kRequestColumns) + ", owner.name, joining.name FROM" + tables() + rest,
                         read, values);
}

}  // namespace

Result<Page<FoundRequest>> find_requests(const Registry& registry, const RequestSearch& search, RequestOrder order,
                                         const Paging& paging) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  const Conditions conditions = conditions_of(registry, search, *instance);
  auto total = count_of(registry.database(), tables_of(search, RequestOrder::number), conditions);
  if (!total) return total.error();
  if (paging.rows_before() >= *total) return Page<FoundRequest>{{}, *total};
  const std::string order_of_rows = order_by(order, paging.descending);
  auto rows = selected(registry, *instance,
                       " WHERE request.id IN (SELECT request.id FROM " + tables_of(search, order) + conditions.where() +
                           order_of_rows + conditions.limit() + ")" + order_of_rows,
                       conditions.paged_values(paging));
  if (!rows) return rows.error();
  return Page<FoundRequest>{*std::move(rows), *total};
}

Result<FoundRequest> find_request(const Registry& registry, std::int64_t number) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  const std::array<store::Parameter, 1> values{store::Parameter(number)};
  auto rows = selected(registry, *instance, " WHERE request.id = $1", values);
  if (!rows) return rows.error();
  if (!rows->empty()) return std::move(rows->front());
  return fault(RegistryFault::management_request_not_found,
               "There is no management request number " + std::to_string(number));
}

}  // namespace causeway::centralserver
