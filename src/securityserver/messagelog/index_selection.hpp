// SPDX-License-Identifier: MIT
// A query of the message log as SQL over the tables of its index.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "securityserver/messagelog/log_query.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

// Ids from `first` to `last`, both included.
struct IdRange {
  std::uint64_t first = 0, last = 0;
};

// Where records are whose time lies between the two: whole segments, whose ends the index
// keeps. Needs no index on time, and no order of times, which a clock set back would break.
Result<std::vector<IdRange>> ranges_of_time(store::Database& database, std::optional<TimePoint> from,
                                            std::optional<TimePoint> to);

// By which a message id is looked up: a number takes less room than the id.
std::int64_t query_hash(std::string_view query_id);

// The statements of one query. SQLite is told which index to take, and PostgreSQL has them
// sorted by id, so that rows always come in the order of their ids and none is sorted: a page
// costs what a page holds.
class IndexSelection {
 public:
  static Result<IndexSelection> make(store::Database& database, const LogQuery& query);

  // Adds what is found in the range, up to the query's limit.
  Result<void> add(IdRange range, std::vector<FoundRecord>& found) const;

 private:
  // Names that a part of the query asks for, as the index numbers them.
  struct Names {
    std::string column;
    std::vector<std::int64_t> numbers;
  };

  IndexSelection(store::Database& database, const LogQuery& query) : database_(database), query_(query) {}
  Result<void> look_up_names();
  std::string sql() const;
  std::string one_select(const std::string& index, const std::string& condition, std::span<const Names> others) const;

  store::Database& database_;
  const LogQuery& query_;
  std::vector<Names> names_;
};

}  // namespace causeway::securityserver
