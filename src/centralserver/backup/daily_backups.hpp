// SPDX-License-Identifier: MIT
// A backup every night at a quarter past three, as X-Road's; those of more than thirty days ago are deleted.
#pragma once

#include <functional>
#include <memory>

#include "base/round_thread.hpp"
#include "centralserver/backup/backups.hpp"

namespace causeway::centralserver {

class DailyBackups {
 public:
  using OpenRegistry = std::function<Result<std::unique_ptr<Registry>>()>;
  using Time = std::function<TimePoint()>;
  // Runs on a thread of its own until it is destroyed; `backups` outlives it. `interval`: how often it is
  // looked at the clock, which may be set.
  DailyBackups(Backups& backups, OpenRegistry registry, Time time = &now,
               std::chrono::milliseconds interval = std::chrono::seconds(30));

 private:
  void look();
  void make(TimePoint at);

  Backups& backups_;
  const OpenRegistry open_registry_;
  const Time time_;
  TimePoint due_;       // of the thread
  RoundThread thread_;  // last: it uses all the others
};

}  // namespace causeway::centralserver
