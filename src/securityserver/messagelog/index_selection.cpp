// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/index_selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "pki/digest.hpp"

namespace causeway::securityserver {
namespace {

// More names are not looked up. In SQLite each is, in each era; PostgreSQL merges an ordered
// selection of each, and plans them all.
std::size_t most_looked_up(store::Engine engine) { return engine == store::Engine::sqlite ? 400 : 100; }

constexpr std::string_view kColumns =
    "id, time, response, (SELECT name FROM party WHERE party.id = owner), (SELECT name FROM party WHERE party.id = "
    "client), (SELECT name FROM party WHERE party.id = service), query_id, request_id";

Result<std::vector<std::int64_t>> numbers_of(store::Database& database, const NameQuery& query) {
  // "0" follows "/": between the two is all that begins with the name and a slash.
  auto select = database.prepare(query.below ? "SELECT id FROM party WHERE name = $1 OR (name > $2 AND name < $3)"
                                             : "SELECT id FROM party WHERE name = $1");
  if (!select) return select.error();
  const std::string first = query.name + "/", last = query.name + "0";
  if (auto started = (*select)->start(query.name, first, last); !started) return started.error();
  std::vector<std::int64_t> numbers;
  for (;;) {
    auto row = (*select)->next();
    if (!row) return row.error();
    if (!*row) return numbers;
    numbers.push_back((*select)->integer(0));
  }
}

}  // namespace

Result<std::vector<IdRange>> ranges_of_time(store::Database& database, std::optional<TimePoint> from,
                                            std::optional<TimePoint> to) {
  if (!from && !to) return std::vector{IdRange{0, INT64_MAX}};
  auto select = database.prepare(
      "SELECT first_id, last_id FROM segment WHERE last_time >= $1 AND first_time <= $2 ORDER BY number");
  if (!select) return select.error();
  auto started = (*select)->start(from ? to_unix_millis(*from) : INT64_MIN, to ? to_unix_millis(*to) : INT64_MAX);
  if (!started) return started.error();
  std::vector<IdRange> ranges;
  for (;;) {
    auto row = (*select)->next();
    if (!row) return row.error();
    if (!*row) return ranges;
    const IdRange range{static_cast<std::uint64_t>((*select)->integer(0)),
                        static_cast<std::uint64_t>((*select)->integer(1))};
    if (!ranges.empty() && ranges.back().last + 1 == range.first)
      ranges.back().last = range.last;
    else
      ranges.push_back(range);
  }
}

std::int64_t query_hash(std::string_view query_id) {
  const Bytes digest = pki::digest(pki::DigestAlgorithm::sha256, as_bytes(query_id));
  std::uint64_t hash = 0;
  for (int i = 0; i < 8; ++i) hash = hash << 8 | digest[static_cast<std::size_t>(i)];
  return static_cast<std::int64_t>(hash);
}

Result<IndexSelection> IndexSelection::make(store::Database& database, const LogQuery& query) {
  IndexSelection selection(database, query);
  if (auto known = selection.look_up_names(); !known) return known.error();
  return selection;
}

Result<void> IndexSelection::look_up_names() {
  // The first one present decides where to look: what is asked for most precisely.
  const std::pair<Role, const std::optional<NameQuery>*> asked[] = {
      {Role::service, &query_.service}, {Role::client, &query_.client}, {Role::owner, &query_.owner}};
  for (const auto& [role, name] : asked) {
    if (!*name) continue;
    auto numbers = numbers_of(database_, **name);
    if (!numbers) return numbers.error();
    names_.push_back({role, *std::move(numbers)});
  }
  return {};
}

std::vector<Names> IndexSelection::few_names() const {
  std::vector<Names> few;
  std::ranges::copy_if(names_, std::back_inserter(few), [this](const Names& names) {
    return names.numbers.size() <= most_looked_up(database_.engine());
  });
  return few;
}

std::string IndexSelection::one_select(std::string_view table, std::string_view condition,
                                       std::span<const Names> others) const {
  std::string sql = fmt::format("SELECT {} FROM {} WHERE id >= $1 AND id <= $2{}", kColumns, table, condition);
  for (const Names& names : others)
    sql += fmt::format(" AND {} IN ({})", column_of(names.role), fmt::join(names.numbers, ","));
  if (query_.query_id) sql += " AND query_id = $4";
  if (query_.response) sql += *query_.response ? " AND response <> 0" : " AND response = 0";
  if (query_.from) sql += fmt::format(" AND time >= {}", to_unix_millis(*query_.from));
  if (query_.to) sql += fmt::format(" AND time <= {}", to_unix_millis(*query_.to));
  return sql;
}

// In SQLite the join is told its order: one look-up for each era, and none is sorted.
std::string IndexSelection::sql_by_query_id() const {
  const std::string by_hash = fmt::format(" AND query_hash = {}", query_hash(*query_.query_id));
  if (!is_in_file()) return one_select("record", by_hash, names_) + " ORDER BY id";
  const std::string in_eras =
      fmt::format(" AND number >= $1 >> {0} AND number <= $2 >> {0} AND record.era = number", kEraBits);
  return one_select("era CROSS JOIN record INDEXED BY record_query", in_eras + by_hash, names_) +
         " ORDER BY number, id";
}

std::string IndexSelection::sql_by_names() const {
  const Names& first = names_.front();
  std::string sql;
  for (const std::int64_t number : first.numbers) {
    if (!sql.empty()) sql += " UNION ALL ";
    sql +=
        one_select("record", fmt::format(" AND {} = {}", column_of(first.role), number), std::span(names_).subspan(1));
  }
  return sql + " ORDER BY id";
}

std::string IndexSelection::sql() const {
  if (query_.query_id) return sql_by_query_id() + " LIMIT $3";
  // Of the ranges in which the names stand, all records are read.
  if (is_in_file()) return one_select("record NOT INDEXED", "", names_) + " ORDER BY id LIMIT $3";
  if (!names_.empty() && names_.front().numbers.size() <= most_looked_up(database_.engine()))
    return sql_by_names() + " LIMIT $3";
  return one_select("record", "", names_) + " ORDER BY id LIMIT $3";
}

Result<void> IndexSelection::add(IdRange range, std::vector<FoundRecord>& found) const {
  range.first = std::max(range.first, query_.after + 1);
  if (range.first > range.last || found.size() >= query_.limit) return {};
  if (std::ranges::any_of(names_, [](const Names& names) { return names.numbers.empty(); })) return {};
  auto statement = database_.prepare(sql());
  if (!statement) return statement.error();
  const std::vector<Names> few = few_names();
  if (!is_in_file() || query_.query_id || few.empty()) return run(**statement, range, found);
  auto ranges = MentioningRanges::start(database_, range, few);
  if (!ranges) return ranges.error();
  while (found.size() < query_.limit) {
    auto part = ranges->next();
    if (!part) return part.error();
    if (!*part) break;
    if (auto added = run(**statement, **part, found); !added) return added;
  }
  return {};
}

Result<void> IndexSelection::run(store::Statement& statement, IdRange range, std::vector<FoundRecord>& found) const {
  const std::string query_id = query_.query_id.value_or("");
  const auto left = std::min<std::uint64_t>(query_.limit - found.size(), 1U << 30);
  if (auto bound = statement.start(range.first, range.last, left, query_id); !bound) return bound;
  for (;;) {
    auto row = statement.next();
    if (!row) return row.error();
    if (!*row) return {};
    found.push_back({static_cast<std::uint64_t>(statement.integer(0)), from_unix_millis(statement.integer(1)),
                     statement.integer(2) != 0, std::string(statement.text(3)), std::string(statement.text(4)),
                     std::string(statement.text(5)), std::string(statement.text(6)), std::string(statement.text(7))});
  }
}

}  // namespace causeway::securityserver
