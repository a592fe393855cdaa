// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_schedule.hpp"

#include <algorithm>

namespace causeway::securityserver {

void TimestampingSchedule::succeeded(Time at, bool more, std::chrono::seconds interval) {
  due_ = more || failing_ ? at : at + timestamping_interval(interval);
  failing_ = false;
}

void TimestampingSchedule::failed(Time at, std::chrono::seconds interval) {
  failing_ = true;
  due_ = at + std::min(retry_delay_, timestamping_interval(interval));
}

void TimestampingSchedule::hasten(Time at) {
  failing_ = false;
  due_ = std::min(due_, at);
}

std::chrono::seconds timestamping_interval(std::chrono::seconds configured) {
  return std::clamp<std::chrono::seconds>(configured, std::chrono::minutes(1), std::chrono::hours(24));
}

}  // namespace causeway::securityserver
