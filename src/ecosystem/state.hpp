// SPDX-License-Identifier: MIT
// What an ecosystem's directory remembers from one start to the next.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace causeway::ecosystem {

struct State {
  bool federation = false;
  std::uint16_t base_port = 0;
  bool planned_centre = false;  // no Central Server, a source that publishes the plan
  bool complete = false;        // all keys and certificates have been made, and registered
};

// A State of a directory that has none yet. malformed_configuration for a file that is
// none of ours.
Result<State> read_state(const std::filesystem::path& file);
Result<void> write_state(const std::filesystem::path& file, const State& state);

}  // namespace causeway::ecosystem
