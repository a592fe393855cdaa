// SPDX-License-Identifier: MIT
// Goals 2, 3, and 6 for P-256: kinds of keys, with and without signing messages together.
#include <fmt/format.h>

#include <algorithm>

#include "bench/crypto_cost.hpp"
#include "bench/stage.hpp"

namespace causeway::bench {
namespace {

constexpr const char* kObject = "1024";
constexpr std::size_t kRoundsWithoutGoal = 2;
constexpr const char* kNoBatching = "proxy.batch-signing=false";

class Signing {
 public:
  explicit Signing(Stage& stage) : stage_(stage), connections_(stage.most_connections()) {}

  Result<void> run() {
    const auto& options = stage_.options();
    if (options.wants({"2", "3"})) {
      if (auto measured = measure_walls(); !measured) return measured;
    }
    if (options.wants({"6"})) {
      if (auto measured = measure_p256(); !measured) return measured;
    }
    stage_.report().tables.push_back(std::move(throughput_));
    if (!costs_.rows.empty()) stage_.report().tables.push_back(std::move(costs_));
    return {};
  }

 private:
  Result<std::unique_ptr<RunningEcosystem>> start(SigningKeys keys, bool batching) {
    std::vector<std::string> arguments{"--keys", option_of(keys)};
    if (!batching) arguments.insert(arguments.end(), {"--parameter", kNoBatching});
    return stage_.start_ecosystem(option_of(keys) + (batching ? "" : "-single"), std::move(arguments));
  }

  static Target target(const std::string& name, const RunningEcosystem& ecosystem) {
    return {.name = name, .request = signed_object(ecosystem, kObject), .processes = ecosystem.pair()};
  }

  Result<void> measure_walls() {
    if (stage_.options().wants({"2"})) {
      auto single = start(SigningKeys::rsa2048, false);
      if (!single) return single.error();
      const auto rounds = measure_wall(SigningKeys::rsa2048, 0.75, {single->get()});
      if (!rounds) return rounds.error();
    }
    auto single = start(SigningKeys::rsa3072, false);
    if (!single) return single.error();
    auto together = start(SigningKeys::rsa3072, true);
    if (!together) return together.error();
    const auto rounds = measure_wall(SigningKeys::rsa3072, 0.90, {single->get(), together->get()});
    if (!rounds) return rounds.error();
    const auto ratio = [](const Round& batched, const Round& alone) { return batched.load.rate() / alone.load.rate(); };
    stage_.report().goals.push_back({.number = "3",
                                     .measure = "RSA-3072: T batching over T not batching",
                                     .unit = "",
                                     .must = 5,
                                     .goal = 10,
                                     .better = Better::more,
                                     .rounds = figures((*rounds)[1], (*rounds)[0], ratio)});
    return {};
  }

  // Rounds of an ecosystem without batching, and of one with it where there is one, with the
  // cost of the signatures measured before each.
  Result<std::vector<std::vector<Round>>> measure_wall(SigningKeys keys, double goal,
                                                       const std::vector<RunningEcosystem*>& ecosystems) {
    stage_.progress(fmt::format("{}, each message signed alone", to_string(keys)));
    auto meter = CryptoMeter::make(keys);
    if (!meter) return meter.error();
    std::vector<Target> targets;
    for (std::size_t i = 0; i < ecosystems.size(); ++i)
      targets.push_back(target(to_string(keys) + (i == 0 ? ", batching off" : ", batching"), *ecosystems[i]));
    std::vector<CryptoCost> costs;
    const auto measure_cost = [&]() -> Result<void> {
      auto cost = meter->measure();
      if (!cost) return cost.error();
      costs.push_back(*cost);
      return {};
    };
    auto rounds = interleave(targets, stage_.plan(connections_), [&]() -> Result<void> {
      for (RunningEcosystem* ecosystem : ecosystems)
        if (auto alive = ecosystem->check_alive(); !alive) return alive;
      return measure_cost();
    });
    if (!rounds) return rounds.error();
    stage_.add_rows(throughput_, connections_, targets, *rounds);
    add_wall(keys, goal, rounds->front(), costs, ecosystems.size());
    return rounds;
  }

  // `costs`: one behind each round of each of so many targets, those of the warm-up first.
  void add_wall(SigningKeys keys, double wanted, const std::vector<Round>& alone, const std::vector<CryptoCost>& costs,
                std::size_t targets) {
    const double cores = stage_.report().machine.cores;
    Goal goal{.number = "2",
              .measure = fmt::format("{}, batching off: share of the crypto wall, {} cores", to_string(keys), cores),
              .unit = "",
              .must = 0.60,
              .goal = wanted,
              .better = Better::more};
    std::vector<double> sign, verify;
    for (std::size_t i = 0; i < alone.size(); ++i) {
      const CryptoCost& cost = costs[(i + 1) * targets];
      goal.rounds.push_back(alone[i].load.rate() * cost.of_exchange() / cores);
      sign.push_back(cost.sign * 1e6);
      verify.push_back(cost.verify * 1e6);
    }
    stage_.report().goals.push_back(std::move(goal));
    const double exchange = (median_of(sign) + median_of(verify)) * 2;
    costs_.rows.push_back({to_string(keys), median_of(sign), median_of(verify), cores * 1e6 / exchange});
  }

  Result<void> measure_p256() {
    auto ecosystem = start(SigningKeys::p256, true);
    if (!ecosystem) return ecosystem.error();
    RunningEcosystem& running = **ecosystem;
    const std::vector<Target> targets{
        {.name = "direct call of the service", .request = plain_object(running.registers_url(), kObject)},
        target("P-256, batching", running)};
    for (const std::size_t connections : {std::size_t{1}, connections_}) {
      stage_.progress(fmt::format("P-256 over {} connections", connections));
      RoundPlan plan = stage_.plan(connections);
      if (connections > 1) plan.rounds = std::min(plan.rounds, kRoundsWithoutGoal);
      const auto rounds = interleave(targets, plan, [&] { return running.check_alive(); });
      if (!rounds) return rounds.error();
      stage_.add_rows(throughput_, connections, targets, *rounds);
      if (connections == 1) add_latency((*rounds)[1], (*rounds)[0]);
    }
    return {};
  }

  void add_latency(const std::vector<Round>& causeway, const std::vector<Round>& direct) {
    const auto above = [](const Round& one, const Round& other) {
      return one.load.latency.percentile_ms(50) - other.load.latency.percentile_ms(50);
    };
    stage_.report().goals.push_back({.number = "6",
                                     .measure = "one connection, P-256: p50 signed minus p50 direct",
                                     .unit = "ms",
                                     .must = 1.8,
                                     .goal = 0.7,
                                     .better = Better::less,
                                     .rounds = figures(causeway, direct, above)});
  }

  Stage& stage_;
  const std::size_t connections_;
  Table throughput_ = throughput_table("1 KB REST GET across the border, by kind of keys, keep-alive");
  Table costs_{.title = "Cost of signatures, one core (CPU microseconds), and exchanges/s that it allows all cores",
               .columns = {"keys", "sign us", "verify us", "exchanges/s"},
               .rows = {}};
};

}  // namespace

Result<void> measure_signing(Stage& stage) { return Signing(stage).run(); }

}  // namespace causeway::bench
