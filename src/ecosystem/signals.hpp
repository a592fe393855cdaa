// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <csignal>

namespace causeway::ecosystem {

// Takes SIGINT, SIGTERM, SIGHUP and SIGCHLD for wait() while it lives. Made before any
// thread, which then inherits that.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // True when the user wants an end. False after `limit`, or when a child ended.
  bool wait(std::chrono::milliseconds limit);
  bool stop_asked() const { return stop_asked_; }

 private:
  sigset_t taken_, before_;
  bool stop_asked_ = false;
};

}  // namespace causeway::ecosystem
