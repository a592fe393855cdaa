// SPDX-License-Identifier: MIT
// Coarse timeouts: whatever has a deadline is looked at a few times a second, which
// is far cheaper than a timer for every read.
#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>

namespace causeway::net {

class DeadlineSweep;

class Swept {
 public:
  Swept(const Swept&) = delete;
  Swept& operator=(const Swept&) = delete;

 protected:
  explicit Swept(boost::asio::execution_context& context);
  virtual ~Swept();
  virtual void sweep(std::chrono::steady_clock::time_point now) = 0;

 private:
  friend DeadlineSweep;
  DeadlineSweep& sweeper_;
  Swept* previous_ = nullptr;
  Swept* next_ = nullptr;
};

// One for each io_context, found with boost::asio::use_service.
class DeadlineSweep : public boost::asio::execution_context::service {
 public:
  using key_type = DeadlineSweep;
  static boost::asio::execution_context::id id;
  static constexpr std::chrono::milliseconds kInterval{200};

  explicit DeadlineSweep(boost::asio::execution_context& context);

  void add(Swept& item);
  void remove(Swept& item);

 private:
  void shutdown() override;
  void arm();
  void sweep();

  std::optional<boost::asio::steady_timer> timer_;
  bool armed_ = false;
  Swept* first_ = nullptr;
  Swept* cursor_ = nullptr;  // the next one to look at, while sweeping
};

}  // namespace causeway::net
