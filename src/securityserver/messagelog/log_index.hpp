// SPDX-License-Identifier: MIT
// The index of a log that is being written: filled behind the segments by its own thread.
//
// A database elsewhere may be away for as long as it likes, also when the server starts: the
// thread tries again, and fills in what was missed from the segments.
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
  // Of a file beside the segments: a fault when it cannot be made.
  static Result<std::unique_ptr<LogIndex>> open(LogPlace place);
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
  explicit LogIndex(LogPlace place) : place_(std::move(place)) {}
  void run();
  Result<void> fill(Position end);
  Result<void> fill_once(Position end);
  void tell(const Result<void>& outcome);
  bool is_stopping() const;
  template <class Answer, class Question>
  Result<Answer> ask(Question question) const;

  const LogPlace place_;
  // Of the thread. Empty while there is no connection.
  std::optional<IndexTable> writer_;
  std::string told_;  // what is wrong, as the log has it
  int failures_ = 0;  // in a row

  mutable std::mutex reading_;  // guards reader_
  mutable std::optional<IndexTable> reader_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Position wanted_, done_;
  std::optional<Fault> failed_;
  int waiters_ = 0;
  bool stopping_ = false;
  bool resting_ = false;  // and looks at `wanted_` afterwards

  std::thread thread_;
};

}  // namespace causeway::securityserver
