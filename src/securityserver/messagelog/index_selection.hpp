// SPDX-License-Identifier: MIT
// A query of the message log as SQL over the tables of its index.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "securityserver/messagelog/log_query.hpp"
#include "securityserver/messagelog/mentions.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

// Where records are whose time lies between the two: whole segments, whose ends the index
// keeps. Needs no index on time, and no order of times, which a clock set back would break.
Result<std::vector<IdRange>> ranges_of_time(store::Database& database, std::optional<TimePoint> from,
                                            std::optional<TimePoint> to);

// By which a message id is looked up: a number takes less room than the id.
std::int64_t query_hash(std::string_view query_id);

// The statements of one query. SQLite is told how to go about it, and PostgreSQL has rows sorted
// by id, so that they always come in the order of their ids and none is sorted: a page costs what
// a page holds.
class IndexSelection {
 public:
  static Result<IndexSelection> make(store::Database& database, const LogQuery& query);

  // Adds what is found in the range, up to the query's limit.
  Result<void> add(IdRange range, std::vector<FoundRecord>& found) const;

 private:
  IndexSelection(store::Database& database, const LogQuery& query) : database_(database), query_(query) {}
  Result<void> look_up_names();
  bool is_in_file() const { return database_.engine() == store::Engine::sqlite; }
  // Those that are few enough to be looked up one by one.
  std::vector<Names> few_names() const;
  std::string sql() const;
  std::string sql_by_query_id() const;
  std::string sql_by_names() const;  // of PostgreSQL
  std::string one_select(std::string_view table, std::string_view condition, std::span<const Names> others) const;
  Result<void> run(store::Statement& statement, IdRange range, std::vector<FoundRecord>& found) const;

  store::Database& database_;
  const LogQuery& query_;
  std::vector<Names> names_;
};

}  // namespace causeway::securityserver
