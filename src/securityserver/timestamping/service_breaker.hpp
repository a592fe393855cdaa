// SPDX-License-Identifier: MIT
// Remembers how each time-stamping service fared, so that one which hangs does not cost
// every round its timeout. A service that failed rests, longer each time; a resting one
// is still asked when no other helps, so nothing has to be restarted when it is back.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/fault.hpp"

namespace causeway::securityserver {

struct TimestampingServiceState {
  std::string url;
  std::optional<TimePoint> last_success, last_failure;
  std::optional<Fault> fault;  // of the latest request; empty: it succeeded, or there was none
  std::optional<TimePoint> resting_until;
};

// For many threads.
class ServiceBreaker {
 public:
  // `urls` in the order to ask them: those that do not rest first, as they stand; then the
  // others, whose rest ends first before the rest.
  std::vector<std::string> ordered(std::vector<std::string> urls, TimePoint at) const;

  void succeeded(const std::string& url, TimePoint at);
  void failed(const std::string& url, Fault fault, TimePoint at);

  // Of exactly these, in their order.
  std::vector<TimestampingServiceState> states(const std::vector<std::string>& urls) const;

 private:
  struct Known {
    TimestampingServiceState state;
    std::chrono::seconds rest{0};  // the latest; 0 after a success
  };
  Known& known(const std::string& url);
  const Known* find(std::string_view url) const;

  mutable std::mutex mutex_;
  std::vector<Known> services_;  // a handful
};

}  // namespace causeway::securityserver
