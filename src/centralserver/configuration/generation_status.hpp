// SPDX-License-Identifier: MIT
// How the generation of the configuration fares: what is told to administrators, and written
// after every round for whoever watches the server.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/result.hpp"

namespace causeway::centralserver {

struct VersionStatus {
  int version = 0;
  std::optional<Fault> fault;                                   // of the last round
  std::optional<TimePoint> internal_expires, external_expires;  // of what is published; absent: nothing is
  // The parts that are published, and since when there are these.
  std::optional<std::filesystem::path> parts;
  std::optional<TimePoint> made;
};

struct GenerationStatus {
  std::optional<TimePoint> attempted;      // the last round; absent: none so far
  std::optional<TimePoint> succeeded;      // the last one without a fault
  std::optional<TimePoint> failing_since;  // the first of the rounds with one
  std::optional<Fault> fault;              // of the last round: what kept a whole source, or all, from being made
  std::vector<VersionStatus> versions;

  // No fault of a source or a version in the last round.
  bool good() const;
};

// In the server's directory.
inline constexpr std::string_view kGenerationStatusFile = "run/global-conf-status.json";

std::string to_json(const GenerationStatus& status);
// malformed_configuration for anything that to_json did not write.
Result<GenerationStatus> generation_status_from_json(std::string_view json);

// The latest one, for threads that look at it while others make it.
class LatestGeneration {
 public:
  GenerationStatus get() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  void set(GenerationStatus status) {
    const std::lock_guard lock(mutex_);
    status_ = std::move(status);
  }

 private:
  mutable std::mutex mutex_;
  GenerationStatus status_;
};

}  // namespace causeway::centralserver
