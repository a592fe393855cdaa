// SPDX-License-Identifier: MIT
#include "centralserver/registry/client_search.hpp"

#include "base/utf8.hpp"
#include "centralserver/registry/conditions.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

// A walk along the order ends when the page is full, a scan looks at all rows and sorts those that
// fit. So many rows of a walk cost as much as a scan of all.
constexpr std::int64_t kLongestWalk = 20'000;

std::string column_of(ClientOrder order) {
  switch (order) {
    case ClientOrder::member_name:
      return "search.text";  // begins with the name
    case ClientOrder::member_class:
      return "search.class";
    case ClientOrder::member_code:
      return "search.code";
    case ClientOrder::type:
      return "search.is_member";
    case ClientOrder::number:
      break;
  }
  return "search.client_id";
}

Result<Conditions> conditions_of(const Registry& registry, const ClientSearch& search, const std::string& instance) {
  Conditions conditions;
  if (search.server) {
    auto server = security_server(registry, *search.server);
    if (!server) return server.error();
    conditions.add("search.client_id IN (SELECT client_id FROM server_client WHERE server_id = $)", server->number);
  }
  if (!Conditions::is_blank(search.instance) && !Conditions::is_in(search.instance, lower_case(instance)))
    conditions.none();
  conditions.contains({"search.text"}, search.any);
  conditions.contains({"search.name"}, search.member_name);
  conditions.contains({"search.class"}, search.member_class);
  conditions.contains({"search.code"}, search.member_code);
  conditions.contains({"search.subsystem"}, search.subsystem_code);
  if (search.subsystems) conditions.add(*search.subsystems ? "search.is_member = 0" : "search.is_member = 1");
  return conditions;
}

void exclude(Conditions& conditions, const ClientSearch& search, bool excluded) {
  conditions.add(std::string(excluded ? "" : "NOT ") +
                     "EXISTS (SELECT 1 FROM global_group_member JOIN global_group"
                     " ON global_group.id = global_group_member.group_id"
                     " WHERE global_group_member.client_id = search.client_id AND global_group.code = $)",
                 *search.excluding_group);
}

// Of a group it is quicker to count who is in it.
Result<std::int64_t> count(store::Database& database, const ClientSearch& search, const Conditions& conditions) {
  auto all = count_of(database, "client_search search", conditions);
  if (!all || *all == 0 || !search.excluding_group) return all;
  Conditions in_group = conditions;
  in_group.add("global_group.code = $", *search.excluding_group);
  auto excluded = count_of(database,
                           "global_group JOIN global_group_member ON global_group_member.group_id = global_group.id"
                           " JOIN client_search search ON search.client_id = global_group_member.client_id",
                           in_group);
  if (!excluded) return excluded;
  return *all - *excluded;
}

// The page first, from the small table; what is shown of it then.
std::string page_statement(const Conditions& conditions, ClientOrder order, const Paging& paging, bool walk) {
  const std::string direction = paging.descending ? " DESC" : "";
  const std::string column = column_of(order);
  const auto by = [&](const std::string& value) {
    return " ORDER BY " + value + direction + ", search.client_id" + direction;
  };
  const std::string found = "SELECT search.client_id FROM client_search search" + conditions.where();
  // A value that is worked out has no index to walk along.
  const bool is_number = order == ClientOrder::number || order == ClientOrder::type;
  const std::string sorted = is_number ? column + " + 0" : column + " || ''";
  return "SELECT client.id, member_class.code, client.member_code, client.subsystem_code, client.name, owner.name"
         " FROM (" +
         found + by(walk ? column : sorted) + conditions.limit() +
         ") page JOIN client_search search ON search.client_id = page.client_id"
         " JOIN client ON client.id = page.client_id"
         " JOIN member_class ON member_class.id = client.member_class_id"
         " LEFT JOIN client owner ON owner.id = client.member_id" +
         by(column);
}

struct Searched {
  std::int64_t number;
  std::string name, member_class, member_code, subsystem_code;
};

Result<Searched> read_searched(const store::Statement& row) {
  return Searched{row.integer(0), lower_case(row.text(1)), lower_case(row.text(2)), lower_case(row.text(3)),
                  lower_case(row.text(4))};
}

}  // namespace

Result<Page<FoundClient>> find_clients(const Registry& registry, const ClientSearch& search, ClientOrder order,
                                       const Paging& paging) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  auto conditions = conditions_of(registry, search, *instance);
  if (!conditions) return conditions.error();
  auto total = count(registry.database(), search, *conditions);
  if (!total) return total.error();
  Page<FoundClient> found{{}, *total};
  if (paging.rows_before() >= *total) return found;
  const bool all = conditions->empty() && !search.excluding_group;
  // About as many as there are, which is known at once.
  auto rows = read_row(registry.database(), "SELECT COALESCE(MAX(client_id), 0) FROM client_search", read_integer);
  if (!rows) return rows.error();
  const auto walked = static_cast<double>(paging.rows_before() + paging.limit) *
                      static_cast<double>(rows->value_or(0)) / static_cast<double>(*total);
  if (search.excluding_group) exclude(*conditions, search, false);
  const auto read = [&](const store::Statement& row) -> Result<FoundClient> {
    const std::string subsystem(row.text(3)), name(row.text(4));
    auto id = ClientId::make(*instance, std::string(row.text(1)), std::string(row.text(2)), subsystem);
    if (!id) return id.error();
    if (subsystem.empty()) return FoundClient{*std::move(id), name, ""};
    return FoundClient{*std::move(id), std::string(row.text(5)), name};
  };
  auto page =
      read_bound_rows(registry.database(), page_statement(*conditions, order, paging, all || walked < kLongestWalk),
                      read, conditions->paged_values(paging));
  if (!page) return page.error();
  found.rows = *std::move(page);
  return found;
}

Result<void> note_for_search(Change& change, std::int64_t client) {
  auto rows = read_rows(change.database(),
                        "SELECT client.id, COALESCE(owner.name, client.name), member_class.code, client.member_code,"
                        " client.subsystem_code FROM client"
                        " JOIN member_class ON member_class.id = client.member_class_id"
                        " LEFT JOIN client owner ON owner.id = client.member_id"
                        " WHERE client.id = $1 OR client.member_id = $1",
                        read_searched, client);
  if (!rows) return rows.error();
  for (const Searched& row : *rows) {
    const std::string text = row.name + "\n" + row.member_class + "\n" + row.member_code + "\n" + row.subsystem_code;
    auto stored = run(change.database(),
                      "INSERT INTO client_search (client_id, is_member, name, class, code, subsystem, text)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                      " ON CONFLICT (client_id) DO UPDATE SET name = excluded.name, text = excluded.text",
                      row.number, row.subsystem_code.empty(), row.name, row.member_class, row.member_code,
                      row.subsystem_code, text);
    if (!stored) return stored;
  }
  return {};
}

Result<void> forget_for_search(Change& change, std::int64_t client) {
  return run(change.database(), "DELETE FROM client_search WHERE client_id = $1", client);
}

}  // namespace causeway::centralserver
