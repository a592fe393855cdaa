// SPDX-License-Identifier: MIT
#include "admin/request_rate.hpp"

#include <algorithm>

namespace causeway::admin {

void RequestRate::Bucket::fill(unsigned capacity, std::chrono::seconds period, Clock::time_point now) {
  const std::chrono::duration<double> passed = now - filled;
  const double more = capacity * (passed.count() / static_cast<double>(period.count()));
  left = std::min(left + std::max(more, 0.0), static_cast<double>(capacity));
  filled = now;
}

RequestRate::Address& RequestRate::of(const std::string& address, Clock::time_point now) {
  if (const auto known = by_name_.find(address); known != by_name_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, known->second);
    return by_use_.front();
  }
  by_use_.push_front({address, {double(limits_.per_second), now}, {double(limits_.per_minute), now}});
  by_name_.emplace(address, by_use_.begin());
  return by_use_.front();
}

void RequestRate::forget(Clock::time_point now) {
  while (by_use_.size() > limits_.addresses ||
         (!by_use_.empty() && now - by_use_.back().second.filled > limits_.forgotten_after)) {
    by_name_.erase(by_use_.back().name);
    by_use_.pop_back();
  }
}

bool RequestRate::admit(const std::string& address, Clock::time_point now) {
  using namespace std::chrono_literals;
  const std::lock_guard lock(mutex_);
  Address& from = of(address, now);
  from.second.fill(limits_.per_second, 1s, now);
  from.minute.fill(limits_.per_minute, 60s, now);
  const bool admitted =
      (limits_.per_second == 0 || from.second.left >= 1) && (limits_.per_minute == 0 || from.minute.left >= 1);
  if (admitted) {
    from.second.left -= 1;
    from.minute.left -= 1;
  }
  forget(now);
  return admitted;
}

}  // namespace causeway::admin
