// SPDX-License-Identifier: MIT
#include "bench/rounds.hpp"

#include <algorithm>
#include <optional>

namespace causeway::bench {

double Round::cpu_per_thousand() const {
  return load.answered == 0 ? 0 : cpu_seconds * 1000 / static_cast<double>(load.answered);
}

Result<Round> run_round(const Target& target, Load shape) {
  shape.request = target.request;
  std::optional<MemoryWatch> memory;
  if (!target.watched.empty()) memory.emplace(target.watched);
  const double before = cpu_seconds(target.processes);
  std::vector<CpuTime> parts;
  for (const ProcessGroup& part : target.parts) parts.push_back(cpu_time(part));
  auto load = run_load(shape);
  if (!load) return load.error().while_doing(target.name);
  Round round{.load = *std::move(load), .cpu_seconds = cpu_seconds(target.processes) - before, .parts = {}};
  for (std::size_t i = 0; i < parts.size(); ++i) round.parts.push_back(cpu_time(target.parts[i]) - parts[i]);
  if (memory) round.memory = memory->stop();
  return round;
}

Result<std::vector<std::vector<Round>>> interleave(const std::vector<Target>& targets, const RoundPlan& plan,
                                                   const RoundCheck& check) {
  std::vector<std::vector<Round>> rounds(targets.size());
  Load warm_up = plan.shape;
  warm_up.duration = plan.warm_up;
  warm_up.requests = std::min<std::uint64_t>(warm_up.requests, warm_up.connections);
  for (std::size_t number = 0; number <= plan.rounds; ++number) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      auto round = run_round(targets[i], number == 0 ? warm_up : plan.shape);
      if (!round) return round.error();
      if (auto good = check(); !good) return good.error();
      if (number > 0) rounds[i].push_back(*std::move(round));
    }
  }
  return rounds;
}

std::vector<double> figures(const std::vector<Round>& rounds, const std::function<double(const Round&)>& figure) {
  std::vector<double> values;
  for (const Round& round : rounds) values.push_back(figure(round));
  return values;
}

std::vector<double> figures(const std::vector<Round>& rounds, const std::vector<Round>& others,
                            const std::function<double(const Round&, const Round&)>& figure) {
  std::vector<double> values;
  for (std::size_t i = 0; i < std::min(rounds.size(), others.size()); ++i)
    values.push_back(figure(rounds[i], others[i]));
  return values;
}

}  // namespace causeway::bench
