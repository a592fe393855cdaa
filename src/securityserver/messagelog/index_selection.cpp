// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/index_selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "pki/digest.hpp"

namespace causeway::securityserver {
namespace {

// So many ordered selections are merged. SQLite takes up to 500; PostgreSQL takes any, but
// plans each.
std::size_t most_merged(store::Engine engine) { return engine == store::Engine::sqlite ? 400 : 100; }

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
  const std::pair<const char*, const std::optional<NameQuery>*> asked[] = {
      {"service", &query_.service}, {"client", &query_.client}, {"owner", &query_.owner}};
  for (const auto& [column, name] : asked) {
    if (!*name) continue;
    auto numbers = numbers_of(database_, **name);
    if (!numbers) return numbers.error();
    names_.push_back({column, *std::move(numbers)});
  }
  return {};
}

std::string IndexSelection::one_select(const std::string& index, const std::string& condition,
                                       std::span<const Names> others) const {
  std::string sql = fmt::format("SELECT {} FROM record{} WHERE id >= $1 AND id <= $2{}", kColumns, index, condition);
  for (const Names& names : others) sql += fmt::format(" AND {} IN ({})", names.column, fmt::join(names.numbers, ","));
  if (query_.query_id) sql += " AND query_id = $4";
  if (query_.response) sql += *query_.response ? " AND response <> 0" : " AND response = 0";
  if (query_.from) sql += fmt::format(" AND time >= {}", to_unix_millis(*query_.from));
  if (query_.to) sql += fmt::format(" AND time <= {}", to_unix_millis(*query_.to));
  return sql;
}

std::string IndexSelection::sql() const {
  const auto by = [this](const std::string& index) {
    return database_.engine() == store::Engine::sqlite ? " INDEXED BY record_" + index : std::string();
  };
  std::string sql;
  if (query_.query_id) {
    sql = one_select(by("query"), fmt::format(" AND query_hash = {}", query_hash(*query_.query_id)), names_);
  } else if (names_.empty() || names_.front().numbers.size() > most_merged(database_.engine())) {
    sql = one_select(database_.engine() == store::Engine::sqlite ? " NOT INDEXED" : "", "", names_);
  } else {
    const Names& first = names_.front();
    for (const std::int64_t number : first.numbers) {
      if (!sql.empty()) sql += " UNION ALL ";
      sql +=
          one_select(by(first.column), fmt::format(" AND {} = {}", first.column, number), std::span(names_).subspan(1));
    }
  }
  return sql + " ORDER BY id LIMIT $3";
}

Result<void> IndexSelection::add(IdRange range, std::vector<FoundRecord>& found) const {
  if (found.size() >= query_.limit) return {};
  if (std::ranges::any_of(names_, [](const Names& names) { return names.numbers.empty(); })) return {};
  auto statement = database_.prepare(sql());
  if (!statement) return statement.error();
  const std::string query_id = query_.query_id.value_or("");
  const auto left = std::min<std::uint64_t>(query_.limit - found.size(), 1U << 30);
  if (auto bound = (*statement)->start(std::max(range.first, query_.after + 1), range.last, left, query_id); !bound)
    return bound;
  for (;;) {
    auto row = (*statement)->next();
    if (!row) return row.error();
    if (!*row) return {};
    const store::Statement& at = **statement;
    found.push_back({static_cast<std::uint64_t>(at.integer(0)), from_unix_millis(at.integer(1)), at.integer(2) != 0,
                     std::string(at.text(3)), std::string(at.text(4)), std::string(at.text(5)), std::string(at.text(6)),
                     std::string(at.text(7))});
  }
}

}  // namespace causeway::securityserver
