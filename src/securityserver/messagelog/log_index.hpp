// SPDX-License-Identifier: MIT
// The index of a log that is being written: filled behind the segments by its own thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "securityserver/messagelog/index_table.hpp"
#include "securityserver/messagelog/segment_format.hpp"

namespace causeway::securityserver {

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
