// SPDX-License-Identifier: MIT
// What the administration process knows of its own success, as a file for diagnostics.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/configuration_client.hpp"
#include "securityserver/administration/ocsp_fetcher.hpp"

namespace causeway::securityserver {

struct AdminStatus {
  struct GlobalConfiguration {
    bool valid = false;  // what is stored, at the time of writing
    std::optional<TimePoint> expires, last_attempt, last_success;
    std::optional<Fault> fault;                       // of the last attempt
    std::optional<std::chrono::seconds> clock_ahead;  // of that of the source that answered last
    std::vector<globalconf::SourceReport> sources;
  } global_configuration;
  struct Ocsp {
    std::optional<TimePoint> last_round, next_round;
    std::chrono::seconds interval{0};
    std::vector<OcspOutcome> certificates;
  } ocsp;
  std::optional<Fault> signer;  // why it cannot be asked; empty: it can
};

// {"global_configuration": {"valid", "expires", "last_attempt", "last_success", "fault",
// "clock_ahead", "sources": [...]}, "ocsp": {"last_round", "next_round", "interval", "certificates":
// [...]}, "signer": {"ok", "fault"}}. Times in ISO 8601 or null, the interval in seconds,
// and so is by how much the clock here is ahead of that of the source, or null.
std::string to_json(const AdminStatus& status);

}  // namespace causeway::securityserver
