// SPDX-License-Identifier: MIT
// How the instances of a proxy fare: what its process writes after every round, and whoever
// watches it reads.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::configurationproxy {

struct VersionReport {
  int version = 0;
  bool given = true;                 // false: the source does not have this version
  std::optional<TimePoint> expires;  // of what is published; absent: nothing is
  std::optional<Fault> fault;        // of the last round
};

struct InstanceReport {
  std::string name;
  TimePoint attempted;         // the end of the last round
  std::optional<Fault> fault;  // of the instance as a whole
  std::vector<VersionReport> versions;

  // No fault, and something is published that is valid at `at`.
  bool good(TimePoint at) const;
};

// In the proxy's directory.
inline constexpr std::string_view kStatusFile = "run/configuration-proxy-status.json";

struct ProxyStatus {
  TimePoint updated;
  std::vector<InstanceReport> instances;
};

std::string to_json(const ProxyStatus& status);
// malformed_configuration for anything that to_json did not write.
Result<ProxyStatus> status_from_json(std::string_view json);

}  // namespace causeway::configurationproxy
