// SPDX-License-Identifier: MIT
// System parameters of time-stamping (evidence.md sections 3 and 4.2).
#pragma once

#include <chrono>
#include <cstdint>

#include "base/parameters.hpp"
#include "globalconf/cost_preference.hpp"
#include "pki/digest.hpp"

namespace causeway::securityserver {

// All of [message-log].
// Of time-stamps, and of the links between archives: message-log.hash-algo-id. SHA-512 in
// place of what is too weak or unknown, which is logged.
pki::DigestAlgorithm message_log_digest(const Parameters& parameters);

struct TimestampingSettings {
  std::chrono::milliseconds connect_timeout{20'000};              // timestamper-client-connect-timeout
  std::chrono::milliseconds read_timeout{60'000};                 // timestamper-client-read-timeout
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;  // hash-algo-id
  std::size_t records_limit = 10'000;                             // timestamp-records-limit
  std::chrono::seconds retry_delay{60};                           // timestamp-retry-delay
  std::chrono::seconds acceptable_failure_period{
      14'400};               // acceptable-timestamp-failure-period; 0: messages never wait
  bool immediately = false;  // timestamp-immediately
  globalconf::CostPreference preference = globalconf::CostPreference::none;  // timestamping-prioritization-strategy

  // What cannot be used is logged and counts as not set.
  static TimestampingSettings from(const Parameters& parameters);
};

}  // namespace causeway::securityserver
