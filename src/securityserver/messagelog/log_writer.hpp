// SPDX-License-Identifier: MIT
// Writes the log: a thread takes all that wait, writes them as one group, flushes once, tells
// each. A record that comes alone is written by whoever brings it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "securityserver/messagelog/log_end.hpp"
#include "securityserver/messagelog/segment_writer.hpp"

namespace causeway::securityserver {

class LogWriter {
 public:
  // Called on the thread that wrote, perhaps within submit(); must not block.
  using Done = std::function<void(Result<std::uint64_t>)>;
  using Committed = std::function<void(const LogEnd& durable)>;

  LogWriter(SegmentWriter segments, Committed committed);
  // Writes what waits, then ends.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // From any thread. `done` gets the id once the record is on disk, or logging_failed. Waits
  // for the disk when nobody else writes and the disk is quick.
  void submit(LogRecord record, Done done);
  // The end of what is on disk now.
  Position durable_end() const;
  // From any thread.
  LogCounts counts() const { return {records_, flushes_}; }

 private:
  struct Job {
    LogRecord record;
    Bytes metadata;
    Done done;
  };

  bool is_alone(const Job& job) const;
  bool write_alone(Job& job);
  void run();
  void tell_end();
  void retire();
  void write(std::vector<Job>& jobs);
  void note_flush(std::chrono::steady_clock::time_point begun);
  void commit(std::vector<std::pair<Done, std::uint64_t>>& written);

  SegmentWriter segments_;  // of whoever set `writing_`
  const std::string current_key_;
  Committed committed_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable arrived_;
  std::vector<Job> waiting_;
  Position durable_end_;
  bool stopping_ = false;
  bool writing_ = false;  // somebody writes, or gathers a group to write
  bool crowded_ = false;  // the last group was a large one
  bool quick_ = false;    // its flush was
  std::chrono::steady_clock::time_point last_written_{};
  std::atomic<std::uint64_t> records_ = 0, flushes_ = 0;

  std::thread thread_;
};

}  // namespace causeway::securityserver
