// SPDX-License-Identifier: MIT
// Goal 7: what an exchange adds to the latency of the service when the pair is half loaded.
#include <fmt/format.h>

#include "bench/stage.hpp"

namespace causeway::bench {
namespace {

constexpr const char* kObject = "1024";

}  // namespace

Result<void> measure_open_loop(Stage& stage) {
  auto bed = stage.start_test_bed("rsa2048");
  if (!bed) return bed.error();
  const std::size_t connections = stage.most_connections();
  const std::vector<Target> targets{
      {.name = "direct call of the service", .request = plain_object(bed->ecosystem->registers_url(), kObject)},
      {.name = "nginx, two hops of mutual TLS", .request = plain_object(bed->nginx->url(), kObject)},
      {.name = "Causeway", .request = signed_object(*bed->ecosystem, kObject), .processes = bed->ecosystem->pair()}};
  RoundPlan plan = stage.plan(connections);
  const auto check = [&bed] { return bed->check_alive(); };
  // The first round warms up, the second tells how much the pair can do now.
  double most = 0;
  for (int i = 0; i < 2; ++i) {
    const auto full = run_round(targets.back(), plan.shape);
    if (!full) return full.error();
    if (auto alive = check(); !alive) return alive;
    most = full->load.rate();
  }
  plan.shape.rate = most / 2;
  stage.progress(fmt::format("open loop, {:.0f} requests/s", plan.shape.rate));
  const auto rounds = interleave(targets, plan, check);
  if (!rounds) return rounds.error();
  Table table = throughput_table(
      fmt::format("1 KB REST GET at {:.0f} requests/s, half of what the pair can do; open loop, RSA-2048", most / 2));
  stage.add_rows(table, connections, targets, *rounds);
  stage.report().tables.push_back(std::move(table));
  Chart chart{.name = "performance-latency",
              .title = fmt::format("Latency at {:.0f} requests/s, half of what the pair can do, ms", most / 2),
              .bars = {},
              .logarithmic = true};
  for (std::size_t i = 0; i < targets.size(); ++i) {
    for (const double percent : {50.0, 99.0, 99.9})
      chart.bars.push_back({.label = fmt::format("{}, p{}", targets[i].name, percent),
                            .value = median_of(figures((*rounds)[i], [&](const Round& round) {
                              return round.load.latency.percentile_ms(percent);
                            }))});
  }
  stage.report().charts.push_back(std::move(chart));
  stage.report().goals.push_back(
      {.number = "7",
       .measure = "p99 at half of T minus p99 direct, open loop",
       .unit = "ms",
       .must = 10,
       .goal = 3,
       .better = Better::less,
       .rounds = figures((*rounds)[2], (*rounds)[0], [](const Round& causeway, const Round& direct) {
         return causeway.load.latency.percentile_ms(99) - direct.load.latency.percentile_ms(99);
       })});
  return {};
}

}  // namespace causeway::bench
