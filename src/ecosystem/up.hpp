// SPDX-License-Identifier: MIT
// A complete ecosystem on this machine: made in a directory on the first start, started,
// watched, stopped.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/keys.hpp"
#include "ecosystem/provision.hpp"

namespace causeway::ecosystem {

struct UpOptions {
  std::string directory;
  bool federation = false;
  // Run the scenario and end.
  bool once = false;
  std::string report;           // file for the scenario's steps as JSON; not empty: run it
  std::uint16_t base_port = 0;  // 0: those of last time, or free ones
  KeyKind keys = KeyKind::rsa2048;
  // "section.name=value": parameters of every Security Server, over those of the ecosystem.
  std::vector<std::string> parameters;
  CrowdSizes crowd;
  // Configuration sources made from the plan, which tests and measurements change, in place of Central Servers; so it
  // is also with members of a crowd.
  bool planned_centre = false;

  CentreKind centre() const { return planned_centre || crowd.members > 0 ? CentreKind::planned : CentreKind::program; }
};

// Returns after SIGINT or SIGTERM, or after the scenario; no process is left then. False
// when a step of the scenario did not hold, or a process ended by itself.
Result<bool> up(const UpOptions& options);

// Internal processes of an ecosystem, until SIGINT or SIGTERM.
Result<void> run_configuration_source(const std::string& directory, const std::string& instance);
Result<void> run_instance_registers(const std::string& directory, const std::string& instance);

}  // namespace causeway::ecosystem
