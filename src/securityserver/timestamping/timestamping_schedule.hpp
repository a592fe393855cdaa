// SPDX-License-Identifier: MIT
// When the next round of time-stamping is due, and over how many records (evidence.md
// section 3). Knows no clock: it is told the time.
#pragma once

#include <chrono>
#include <cstddef>

namespace causeway::securityserver {

class TimestampingSchedule {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // The first round is a second after `start`.
  TimestampingSchedule(Time start, std::chrono::seconds retry_delay, std::size_t records_limit)
      : retry_delay_(retry_delay), records_limit_(records_limit), due_(start + kFirstDelay) {}

  Time due() const { return due_; }
  // After a failure one record is tried: it tells as much, and costs the service less.
  std::size_t limit() const { return failing_ ? 1 : records_limit_; }

  // `more`: records are left that the round could have gone on with. `interval` is that of
  // the global configuration. After a failure everything that waited follows at once.
  void succeeded(Time at, bool more, std::chrono::seconds interval);
  void failed(Time at, std::chrono::seconds interval);
  // Somebody asks for a round now, with all that waits.
  void hasten(Time at);

 private:
  static constexpr std::chrono::seconds kFirstDelay{1};

  std::chrono::seconds retry_delay_;
  std::size_t records_limit_;
  Time due_;
  bool failing_ = false;
};

// timeStampingIntervalSeconds, between a minute and a day.
std::chrono::seconds timestamping_interval(std::chrono::seconds configured);

}  // namespace causeway::securityserver
