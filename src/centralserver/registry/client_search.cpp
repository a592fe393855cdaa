// SPDX-License-Identifier: MIT
#include "centralserver/registry/client_search.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "centralserver/registry/conditions.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

// Of what is looked for there may be few, which are found by looking at all rows once and then
// sorted; or many, which are counted, and walked to in their order. A look at some rows tells which.
constexpr std::int64_t kSample = 2000;
constexpr std::int64_t kManyOfSample = kSample / 16;
constexpr std::int64_t kMostSorted = 40'000;

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
  Conditions conditions(registry.database().engine());
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

void exclude(Conditions& conditions, const ClientSearch& search) {
  conditions.add(
      "NOT EXISTS (SELECT 1 FROM global_group_member JOIN global_group"
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

constexpr std::string_view kShown =
    "client.id, member_class.code, client.member_code, client.subsystem_code, client.name, owner.name";
constexpr std::string_view kShownFrom =
    " page JOIN client ON client.id = page.client_id JOIN member_class ON member_class.id = client.member_class_id"
    " LEFT JOIN client owner ON owner.id = client.member_id";

std::string sorted_by(const std::string& column, const std::string& number, bool descending) {
  const std::string direction = descending ? " DESC" : "";
  return " ORDER BY " + column + direction + ", " + number + direction;
}

Result<FoundClient> read_found(const store::Statement& row, const std::string& instance) {
  const std::string subsystem(row.text(3)), name(row.text(4));
  auto id = ClientId::make(instance, std::string(row.text(1)), std::string(row.text(2)), subsystem);
  if (!id) return id.error();
  if (subsystem.empty()) return FoundClient{*std::move(id), name, ""};
  return FoundClient{*std::move(id), std::string(row.text(5)), name};
}

Result<bool> are_many(store::Database& database, const Conditions& conditions) {
  auto found =
      count_of(database, "(SELECT * FROM client_search LIMIT " + std::to_string(kSample) + ") search", conditions);
  if (!found) return found.error();
  return *found > kManyOfSample;
}

// Total and page at once. Nothing when there are too many to sort them.
Result<std::optional<Page<FoundClient>>> find_few(const Registry& registry, const std::string& instance,
                                                  const Conditions& conditions, ClientOrder order,
                                                  const Paging& paging) {
  const std::string most = std::to_string(kMostSorted);
  // The total stands in every row, and alone where the page has none.
  const std::string sql = "WITH found AS (SELECT search.client_id AS client_id, " + column_of(order) +
                          " AS place FROM client_search search" + conditions.where() + " LIMIT " + most +
                          " + 1), counted AS (SELECT COUNT(*) AS total FROM found)"
                          " SELECT shown.*, counted.total FROM counted LEFT JOIN (SELECT " +
                          std::string(kShown) +
                          ", page.place, page.client_id FROM (SELECT client_id, place FROM found"
                          " WHERE (SELECT total FROM counted) <= " +
                          most + sorted_by("place", "client_id", paging.descending) + conditions.limit() + ")" +
                          std::string(kShownFrom) + ") shown ON 1 = 1" +
                          sorted_by("shown.place", "shown.client_id", paging.descending);
  Page<FoundClient> found;
  const auto read = [&](const store::Statement& row) -> Result<bool> {
    found.total = row.integer(8);
    if (row.is_null(0)) return true;
    auto client = read_found(row, instance);
    if (!client) return client.error();
    found.rows.push_back(*std::move(client));
    return true;
  };
  auto rows = read_bound_rows(registry.database(), sql, read, conditions.paged_values(paging));
  if (!rows) return rows.error();
  if (found.total > kMostSorted) return std::optional<Page<FoundClient>>();
  return std::optional(std::move(found));
}

// Of `total`, from whichever end is nearer.
Result<std::vector<FoundClient>> walk_to(const Registry& registry, const std::string& instance,
                                         const Conditions& conditions, ClientOrder order, const Paging& paging,
                                         std::int64_t total) {
  const std::int64_t before = paging.rows_before(), shown = std::min(paging.limit, total - before);
  const bool from_the_end = before > total / 2;
  const std::string column = column_of(order);
  const std::string sql = "SELECT " + std::string(kShown) + " FROM (SELECT search.client_id, " + column +
                          " AS place FROM client_search search" + conditions.where() +
                          sorted_by(column, "search.client_id", paging.descending != from_the_end) +
                          conditions.limit() + ")" + std::string(kShownFrom) +
                          sorted_by("page.place", "page.client_id", paging.descending);
  auto values = conditions.values();
  values.emplace_back(shown);
  values.emplace_back(from_the_end ? total - before - shown : before);
  return read_bound_rows(
      registry.database(), sql, [&](const store::Statement& row) { return read_found(row, instance); }, values);
}

struct Searched {
  std::int64_t number;
  std::string name, member_class, member_code, subsystem_code;
};

Result<Searched> read_searched(const store::Statement& row) {
  return Searched{row.integer(0), lower_case(row.text(1)), lower_case(row.text(2)), lower_case(row.text(3)),
                  lower_case(row.text(4))};
}

constexpr const char* kSearchedColumns =
    ", member_class.code, client.member_code, client.subsystem_code FROM client"
    " JOIN member_class ON member_class.id = client.member_class_id";

Result<void> note_row(Change& change, const Searched& row) {
  const std::string text = row.name + "\n" + row.member_class + "\n" + row.member_code + "\n" + row.subsystem_code;
  return run(change.database(),
             "INSERT INTO client_search (client_id, is_member, name, class, code, subsystem, text)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7)"
             " ON CONFLICT (client_id) DO UPDATE SET name = excluded.name, text = excluded.text",
             row.number, row.subsystem_code.empty(), row.name, row.member_class, row.member_code, row.subsystem_code,
             text);
}

}  // namespace

Result<Page<FoundClient>> find_clients(const Registry& registry, const ClientSearch& search, ClientOrder order,
                                       const Paging& paging) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  auto conditions = conditions_of(registry, search, *instance);
  if (!conditions) return conditions.error();
  if (!conditions->empty()) {
    auto many = are_many(registry.database(), *conditions);
    if (!many) return many.error();
    if (!*many) {
      Conditions all = *conditions;
      if (search.excluding_group) exclude(all, search);
      auto few = find_few(registry, *instance, all, order, paging);
      if (!few) return few.error();
      if (*few) return **std::move(few);
    }
  }
  auto total = count(registry.database(), search, *conditions);
  if (!total) return total.error();
  if (paging.rows_before() >= *total) return Page<FoundClient>{{}, *total};
  if (search.excluding_group) exclude(*conditions, search);
  auto rows = walk_to(registry, *instance, *conditions, order, paging, *total);
  if (!rows) return rows.error();
  return Page<FoundClient>{*std::move(rows), *total};
}

// Each by its index, whether or not PostgreSQL has looked at the table yet: in one statement it would
// then read all clients.
Result<void> note_for_search(Change& change, std::int64_t client) {
  auto noted = read_row(change.database(),
                        std::string("SELECT client.id, COALESCE(owner.name, client.name)") + kSearchedColumns +
                            " LEFT JOIN client owner ON owner.id = client.member_id WHERE client.id = $1",
                        read_searched, client);
  if (!noted) return noted.error();
  if (!*noted) return {};
  if (auto stored = note_row(change, **noted); !stored) return stored;
  if (!(*noted)->subsystem_code.empty()) return {};
  auto subsystems =
      read_rows(change.database(),
                std::string("SELECT client.id, CAST($2 AS TEXT)") + kSearchedColumns + " WHERE client.member_id = $1",
                read_searched, client, (*noted)->name);
  if (!subsystems) return subsystems.error();
  for (const Searched& subsystem : *subsystems)
    if (auto stored = note_row(change, subsystem); !stored) return stored;
  return {};
}

Result<void> forget_for_search(Change& change, std::int64_t client) {
  return run(change.database(), "DELETE FROM client_search WHERE client_id = $1", client);
}

}  // namespace causeway::centralserver
