// SPDX-License-Identifier: MIT
// Goal 13: the exchanges of a day of Estonia, as fast as the pair can do them; and of goal 11,
// the log that they leave.
#include <fmt/format.h>

#include "bench/log_figures.hpp"
#include "bench/stage.hpp"

namespace causeway::bench {
namespace {

constexpr const char* kObject = "1024";
constexpr double kExchangesOfADay = 21'270'000, kSecondsOfADay = 86'400;

// Of the provider's log, which holds all that was exchanged.
Result<void> add_log_goals(Stage& stage, const RunningEcosystem& ecosystem) {
  stage.progress("finding messages in the log");
  const auto log = log_figures(ecosystem.provider().directory / "messagelog");
  if (!log) return log.error();
  const std::string name = fmt::format("log of {:.2f} million records: ", static_cast<double>(log->records) / 1e6);
  auto& goals = stage.report().goals;
  goals.push_back({.number = "11",
                   .measure = name + "octets a record",
                   .unit = "",
                   .must = 4000,
                   .goal = 1000,
                   .better = Better::less,
                   .rounds = {log->octets_per_record}});
  goals.push_back({.number = "11",
                   .measure = name + "find by id, p99",
                   .unit = "ms",
                   .must = 20,
                   .goal = 2,
                   .better = Better::less,
                   .rounds = {log->find.percentile_ms(99)}});
  return {};
}

}  // namespace

Result<void> measure_day(Stage& stage) {
  auto ecosystem = stage.start_ecosystem("rsa2048");
  if (!ecosystem) return ecosystem.error();
  const RunningEcosystem& running = **ecosystem;
  const Target target{.name = "Causeway", .request = signed_object(running, kObject), .processes = running.pair()};
  // In as many parts as there are rounds.
  const double share = stage.options().day_share / static_cast<double>(stage.options().rounds);
  RoundPlan plan = stage.plan(stage.most_connections());
  plan.shape.requests = static_cast<std::uint64_t>(kExchangesOfADay * share);
  stage.progress(fmt::format("{:.0f} exchanges of a day", kExchangesOfADay * stage.options().day_share));
  const auto rounds = interleave({target}, plan, [&] { return (*ecosystem)->check_alive(); });
  if (!rounds) return rounds.error();
  stage.note_failures(plan.shape.connections, {target}, *rounds);
  stage.report().goals.push_back({.number = "13",
                                  .measure = fmt::format("an Estonian day over the time taken, from {} % of it",
                                                         number_text(stage.options().day_share * 100)),
                                  .unit = "",
                                  .must = 12,
                                  .goal = 48,
                                  .better = Better::more,
                                  .rounds = figures(rounds->front(), [&](const Round& round) {
                                    return round.load.rate() * kSecondsOfADay / kExchangesOfADay;
                                  })});
  return add_log_goals(stage, running);
}

}  // namespace causeway::bench
