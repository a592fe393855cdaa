// SPDX-License-Identifier: MIT
// The most memory that groups of processes hold together, looked at a few times a second.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace causeway::bench {

// All processes of one Security Server, for instance.
using ProcessGroup = std::vector<pid_t>;

class MemoryWatch {
 public:
  // Looks at once, then every quarter of a second until stop().
  explicit MemoryWatch(std::vector<ProcessGroup> groups);
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  // The largest proportional set size (PSS) that any of the groups had, in octets.
  std::uint64_t stop();

 private:
  void run();
  void look();

  const std::vector<ProcessGroup> groups_;
  std::uint64_t largest_ = 0;  // of the thread until it has ended
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace causeway::bench
