// SPDX-License-Identifier: MIT
// A thread that works in rounds: a little, and then waits.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace causeway {

class RoundThread {
 public:
  // One round: how long to wait before the next. The first begins at once.
  using Round = std::function<std::chrono::milliseconds()>;
  explicit RoundThread(Round round);
  // Waits for a round that runs; no other begins.
  ~RoundThread();
  RoundThread(const RoundThread&) = delete;
  RoundThread& operator=(const RoundThread&) = delete;

  // Ends the wait, also one that has yet to begin. From any thread.
  void wake();
  // For rounds that take long: whether their end is waited for.
  bool is_stopping() const;

 private:
  void run();

  const Round round_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false, stopping_ = false;  // mutex_
  std::thread thread_;                     // last: it uses all the others
};

}  // namespace causeway
