// SPDX-License-Identifier: MIT
// The index of the log: a SQLite database beside the segments, filled behind them by its
// own thread, and worth nothing by itself: it can be made again from the segments.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/messagelog/segment_format.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

// The database: what is known of the records up to a position.
class IndexTable {
 public:
  // Creates it, or makes it anew if it cannot be read, unless `read_only`.
  static Result<IndexTable> open(const std::string& directory, bool read_only);

  static void remove(const std::string& directory);

  // Up to where the segments are indexed; {0, 0} at the beginning.
  Result<Position> indexed_until() const;
  // Indexes from there to `end`. In several transactions; stops early, with success, when
  // `keep_going` says so.
  Result<void> advance(Position end, const std::function<bool()>& keep_going);

  Result<std::vector<FoundRecord>> find(const LogQuery& query) const;
  Result<std::optional<Position>> locate(std::uint64_t id) const;
  Result<std::uint64_t> size() const;

 private:
  IndexTable(std::string directory, std::unique_ptr<store::Database> database)
      : directory_(std::move(directory)), database_(std::move(database)) {}
  static Result<IndexTable> open_once(const std::string& directory, bool read_only);
  Result<Position> advance_some(Position from, Position end);
  Result<void> remember(Position until);

  std::string directory_;
  std::unique_ptr<store::Database> database_;
};

// The index of a log that is being written.
class LogIndex {
 public:
  static Result<std::unique_ptr<LogIndex>> open(const std::string& directory);
  ~LogIndex();
  LogIndex(const LogIndex&) = delete;
  LogIndex& operator=(const LogIndex&) = delete;

  // Everything up to there is on disk and may be indexed. From any thread.
  void advance(Position durable_end);
  // Blocks until all up to there is indexed, or indexing fails.
  Result<void> wait_for(Position end);

  Result<std::vector<FoundRecord>> find(const LogQuery& query) const;
  Result<std::optional<Position>> locate(std::uint64_t id) const;

 private:
  LogIndex(IndexTable writer, IndexTable reader) : writer_(std::move(writer)), reader_(std::move(reader)) {}
  void run();
  bool is_stopping() const;

  IndexTable writer_;           // of the thread
  mutable std::mutex reading_;  // guards reader_
  IndexTable reader_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Position wanted_, done_;
  std::optional<Fault> failed_;
  int waiters_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace causeway::securityserver
