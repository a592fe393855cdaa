// SPDX-License-Identifier: MIT
#include "bench/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "bench/nginx_pair.hpp"
#include "bench/stage.hpp"
#include "domain/fault_code.hpp"

namespace causeway::bench {
namespace {

struct StageEntry {
  std::initializer_list<const char*> goals;
  bool quick;  // part of a quick run
  Result<void> (*measure)(Stage& stage);
};

const StageEntry kStages[] = {
    {{"1", "4", "6", "14"}, true, &measure_small_messages},
    {{"2", "3", "6"}, false, &measure_signing},
    {{"7"}, true, &measure_open_loop},
    {{}, true, &measure_other_messages},
    {{"4", "9"}, false, &measure_large_bodies},
    {{"12"}, false, &measure_closing_peers},
    {{"5"}, false, &measure_start},
    {{"8"}, false, &measure_evidence_work},
    {{"10"}, false, &measure_scale},
    {{"11", "13"}, false, &measure_day},
};

// By number, in the order of the table of goals.
void sort_goals(std::vector<Goal>& goals) {
  std::ranges::sort(goals, {}, [](const Goal& goal) { return std::pair(std::stoi(goal.number), goal.measure); });
}

// What else the machine does shows in its load before anything is measured.
std::string conditions_of(const BenchOptions& options) {
  double load = 0;
  ::getloadavg(&load, 1);
  return fmt::format(
      "{} interleaved rounds of {} s; load generator and service on the same machine; load average before: {:.1f}",
      options.rounds, static_cast<double>(options.round_time.count()) / 1000, load);
}

}  // namespace

bool BenchOptions::wants(std::initializer_list<const char*> goals) const {
  return only.empty() || std::ranges::any_of(goals, [this](const char* goal) { return only.contains(goal); });
}

bool is_goal(const std::string& number) {
  return std::ranges::any_of(kStages, [&number](const StageEntry& entry) {
    return std::ranges::any_of(entry.goals, [&number](const char* goal) { return number == goal; });
  });
}

Result<Report> run_bench(const BenchOptions& options) {
  const std::string nginx = nginx_program();
  if (nginx.empty()) return fault(FaultCode::io_error, "nginx is needed to measure against; install it (nginx-light)");
  Report report{
      .machine = this_machine(nginx), .conditions = conditions_of(options), .goals = {}, .tables = {}, .failures = {}};
  Stage stage(options, report);
  for (const StageEntry& entry : kStages) {
    if (!options.wants(entry.goals) || (options.quick && !entry.quick)) continue;
    if (auto measured = entry.measure(stage); !measured) return measured.error();
  }
  sort_goals(report.goals);
  return report;
}

}  // namespace causeway::bench
