// SPDX-License-Identifier: MIT
// What large messages may take of the memory of a process, all together: each has its own
// limit, but thousands of them at once have none.
#pragma once

#include <atomic>
#include <cstddef>

namespace causeway {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t octets) : left_(static_cast<long long>(octets)) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // That of this process, 512 MiB unless it is set, once, at start.
  static MemoryBudget& of_process();
  void set(std::size_t octets) { left_ = static_cast<long long>(octets); }

  // What one message holds; given back in the end. Of one thread.
  class Share {
   public:
    explicit Share(MemoryBudget& budget = of_process()) : budget_(budget) {}
    ~Share() { budget_.left_ += held_; }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // Whether the message may hold so many octets; the first kFree of each cost nothing,
    // so that small messages pass while large ones are refused.
    bool hold(std::size_t octets);

   private:
    MemoryBudget& budget_;
    long long held_ = 0;
  };

  static constexpr std::size_t kFree = 256 * 1024;

 private:
  std::atomic<long long> left_;
};

}  // namespace causeway
