// SPDX-License-Identifier: MIT
// Coroutines that use what their owner owns, and therefore end before it does.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "net/coroutines.hpp"

namespace causeway::net {

// The last member of a class whose coroutines use the others.
class TaskGroup {
 public:
  // All run on the thread of `context`.
  explicit TaskGroup(boost::asio::io_context& context);
  // As stop().
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // As net::spawn(), from any thread. After stop() nothing begins any more.
  template <class Body>
  void spawn(std::string what, Body body) {
    start(std::move(what), detail::own(std::move(body)));
  }

  // Cancels what the coroutines wait for and returns when all have ended: at their next
  // wait an exception unwinds them. From another thread than theirs.
  void stop();

 private:
  struct State;
  class Presence;
  void start(std::string what, Task<void> task);
  static Task<void> run(Presence group, std::string what, Task<void> task);

  std::shared_ptr<State> state_;
};

}  // namespace causeway::net
