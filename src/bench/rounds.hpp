// SPDX-License-Identifier: MIT
// Several targets under the same load, round by round in turns, so that what else the
// machine does falls on all alike.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bench/load.hpp"
#include "bench/memory_watch.hpp"
#include "bench/process_usage.hpp"

namespace causeway::bench {

struct Target {
  std::string name;  // for people: "Causeway, signed, verified, logged"
  LoadRequest request;
  ProcessGroup processes = {};             // whose CPU time counts
  std::vector<ProcessGroup> parts = {};    // of `processes`, whose CPU time counts apart
  std::vector<ProcessGroup> watched = {};  // whose memory is watched
};

struct Round {
  LoadResult load;
  double cpu_seconds = 0;      // of the target's processes
  std::vector<CpuTime> parts;  // of the target's parts
  std::uint64_t memory = 0;    // the most of any watched group (PSS, octets)

  double cpu_per_thousand() const;  // CPU seconds per 1,000 requests answered
};

struct RoundPlan {
  std::size_t rounds = 5;
  // Of each target, not counted in. Where requests are counted: one of each connection.
  std::chrono::nanoseconds warm_up{std::chrono::seconds(1)};
  Load shape;  // its request is the target's
};

// After each round; a Fault ends all.
using RoundCheck = std::function<Result<void>()>;

// Rounds of each target, in the order of the targets.
Result<std::vector<std::vector<Round>>> interleave(const std::vector<Target>& targets, const RoundPlan& plan,
                                                   const RoundCheck& check);

Result<Round> run_round(const Target& target, Load shape);

// The same figure of every round.
std::vector<double> figures(const std::vector<Round>& rounds, const std::function<double(const Round&)>& figure);
// The figure of each round of one target with that of the same round of another.
std::vector<double> figures(const std::vector<Round>& rounds, const std::vector<Round>& others,
                            const std::function<double(const Round&, const Round&)>& figure);

}  // namespace causeway::bench
