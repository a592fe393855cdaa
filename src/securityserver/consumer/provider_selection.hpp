// SPDX-License-Identifier: MIT
// Which security servers can answer for a provider, and which one is asked (messages.md 7).
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/view.hpp"

namespace causeway::securityserver {

// Addresses of the servers to try: targeted, not in maintenance, at least one.
// unknown_member, invalid_security_server, maintenance_mode, internal_error for an
// instance that is not known.
Result<std::vector<std::string>> provider_addresses(const globalconf::View& view, const ClientId& provider,
                                                    const std::optional<ServerId>& target);

// Remembers which of several addresses connected first.
class FastestCache {
 public:
  explicit FastestCache(std::chrono::seconds period) : period_(period) {}

  std::optional<std::string> find(const std::vector<std::string>& addresses, TimePoint at);
  void remember(const std::vector<std::string>& addresses, const std::string& winner, TimePoint at);
  void forget(const std::vector<std::string>& addresses);

 private:
  struct Winner {
    std::string address;
    TimePoint until;
  };
  const std::chrono::seconds period_;  // 0: off
  std::mutex mutex_;
  std::unordered_map<std::string, Winner> winners_;  // by sorted address set
};

}  // namespace causeway::securityserver
