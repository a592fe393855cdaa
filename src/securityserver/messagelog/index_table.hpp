// SPDX-License-Identifier: MIT
// The index of a log: what is known of its records up to a position, on either engine.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "securityserver/messagelog/index_database.hpp"
#include "securityserver/messagelog/log_query.hpp"
#include "securityserver/messagelog/segment_format.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

// Used by one thread.
class IndexTable {
 public:
  // Creates it; makes it anew if it cannot be read, or does not tell of this log as it is.
  // Faults that are temporary pass by themselves.
  static Result<IndexTable> open_to_fill(const LogPlace& place);
  // Without anything in it.
  static Result<IndexTable> open_anew(const LogPlace& place);
  // A fault where it is absent, broken, of another log, or of an older form that the server
  // has not made anew yet.
  static Result<IndexTable> open_to_read(const LogPlace& place);

  // Drops what is known of records and segments before this one. Success when there is no
  // index. In short transactions: another process may be indexing.
  static Result<void> forget_before(const LogPlace& place, const SegmentHeader& first_kept);

  // Up to where the segments are indexed; {0, 0} at the beginning.
  Result<Position> indexed_until() const;
  // Indexes from there to `end`. In several transactions; stops early, with success, when
  // `keep_going` says so.
  Result<void> advance(Position end, const std::function<bool()>& keep_going);

  // Sorted by id. Memory: the page that is asked for.
  Result<std::vector<FoundRecord>> find(const LogQuery& query) const;
  Result<std::optional<Position>> locate(std::uint64_t id) const;
  Result<std::uint64_t> size() const;
  Result<std::uint64_t> last_id() const;  // 0 when there is no record

 private:
  IndexTable(std::string directory, std::unique_ptr<store::Database> database)
      : directory_(std::move(directory)), database_(std::move(database)) {}
  static Result<IndexTable> open_once(const LogPlace& place, IndexUse use);
  static Result<void> forget_before(store::Database& database, const SegmentHeader& first_kept);
  Result<void> empty();
  Result<void> agree_with_log();
  enum class Standing { right, without_records, of_another_log };
  Result<Standing> compare_with_log() const;
  Result<Position> advance_some(Position from, Position end);
  // What one transaction adds of one segment.
  struct Batch;
  Result<void> add(const FoundRecord& record, Position at, Batch& batch);
  Result<std::int64_t> number_of(const std::string& name, Batch& batch);
  Result<void> remember(Position until);
  Result<std::uint64_t> number(std::string_view sql) const;

  std::string directory_;
  std::unique_ptr<store::Database> database_;
  std::unordered_map<std::string, std::int64_t> numbers_;  // of names, lately used
};

}  // namespace causeway::securityserver
