// SPDX-License-Identifier: MIT
// The threads that serve the network: one event loop each.
#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace causeway::net {

// Servers, clients and whatever else uses these loops must be destroyed before them.
class IoThreads {
 public:
  explicit IoThreads(std::size_t count);  // 0: one per core
  ~IoThreads();                           // stop() and join
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  std::size_t size() const;
  boost::asio::io_context& at(std::size_t index);
  // Of the calling thread; of thread 0 when called from outside.
  boost::asio::io_context& current();
  std::size_t current_index() const;

  // Blocks the caller until SIGINT or SIGTERM, or stop().
  void run_until_signal();
  // Ends the loops where they stand: what still waits is never resumed.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace causeway::net
