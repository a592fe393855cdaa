// SPDX-License-Identifier: MIT
// A backup every night at a quarter past three, as X-Road's; those of more than thirty days ago are deleted.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "centralserver/backup/backups.hpp"

namespace causeway::centralserver {

class DailyBackups {
 public:
  using OpenRegistry = std::function<Result<std::unique_ptr<Registry>>()>;
  using Time = std::function<TimePoint()>;
  // Runs on a thread of its own until it is destroyed; `backups` outlives it. `look`: how often it is
  // looked at the clock, which may be set.
  DailyBackups(Backups& backups, OpenRegistry registry, Time time = &now,
               std::chrono::milliseconds look = std::chrono::seconds(30));
  ~DailyBackups();
  DailyBackups(const DailyBackups&) = delete;
  DailyBackups& operator=(const DailyBackups&) = delete;

 private:
  void follow();
  void make(TimePoint at);

  Backups& backups_;
  const OpenRegistry open_registry_;
  const Time time_;
  const std::chrono::milliseconds look_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;   // mutex_
  std::thread thread_;  // last: it uses all the others
};

}  // namespace causeway::centralserver
