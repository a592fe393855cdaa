// SPDX-License-Identifier: MIT
// Goals 1, 6, 14, and 4 idle and under full load: 1 KB REST GET with RSA-2048 and batching.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "bench/exchange_model.hpp"
#include "bench/stage.hpp"
#include "bench/togetherness.hpp"

namespace causeway::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kObject = "1024";
// Between looks at the memory of servers that do nothing.
constexpr std::chrono::milliseconds kIdlePause{300};

double megabytes(std::uint64_t octets) { return static_cast<double>(octets) / 1e6; }

// Which target is which, of those of run().
enum : std::size_t { kDirect, kNginx, kCauseway };
// Parts of Causeway.
enum : std::size_t { kSigners, kProxies, kOthers };

class SmallMessages {
 public:
  explicit SmallMessages(Stage& stage) : stage_(stage) {}

  Result<void> run() {
    auto bed = stage_.start_test_bed("rsa2048");
    if (!bed) return bed.error();
    bed_ = std::move(*bed);
    add_idle_memory();
    make_targets();
    Table table = throughput_table("1 KB REST GET across the border, RSA-2048, keep-alive");
    for (const std::size_t connections : stage_.options().connections) {
      if (auto measured = measure(connections, table); !measured) return measured;
    }
    stage_.report().tables.push_back(std::move(table));
    stage_.report().tables.push_back(std::move(together_));
    add_memory_table();
    if (!model_.rows.empty()) stage_.report().charts.push_back(exchange_chart(model_));
    if (!model_.rows.empty()) stage_.report().tables.push_back(std::move(model_));
    return {};
  }

 private:
  void make_targets() {
    const auto& peer = stage_.options().peer;
    targets_ = {
        {.name = "direct call of the service", .request = plain_object(bed_.ecosystem->registers_url(), kObject)},
        {.name = "nginx, two hops of mutual TLS",
         .request = plain_object(bed_.nginx->url(), kObject),
         .processes = bed_.nginx->processes(),
         .parts = {bed_.nginx->processes()}},
        {.name = "Causeway, signed, verified, logged",
         .request = signed_object(*bed_.ecosystem, kObject),
         .processes = bed_.ecosystem->pair(),
         .parts = {named({"signer"}), named({"proxy"}), named({"admin", "supervisor"})},
         .watched = bed_.servers()}};
    if (peer) {
      targets_.push_back({.name = "peer at " + peer->consumer_url,
                          .request = {.url = fmt::format("{}/r1/{}", peer->consumer_url, peer->service),
                                      .headers = {{"X-Road-Client", peer->client}}}});
    }
  }

  Result<void> measure(std::size_t connections, Table& table) {
    stage_.progress(fmt::format("1 KB messages over {} connections", connections));
    const auto together = Togetherness::start(*bed_.ecosystem);
    if (!together) return together.error();
    const auto rounds = interleave(targets_, stage_.plan(connections), [this] { return bed_.check_alive(); });
    if (!rounds) return rounds.error();
    stage_.add_rows(table, connections, targets_, *rounds);
    double seconds = std::chrono::duration<double>(stage_.plan(connections).warm_up).count();
    for (const Round& round : (*rounds)[kCauseway]) seconds += round.load.seconds;
    const auto mean = together->add_rows(together_, static_cast<double>(connections), seconds);
    if (!mean) return mean.error();
    if (connections == 1)
      add_latency(*rounds);
    else if (connections == stage_.most_connections())
      return add_throughput(connections, *rounds, *mean);
    return {};
  }

  void add_latency(const std::vector<std::vector<Round>>& rounds) {
    const auto above = [](const Round& causeway, const Round& direct) {
      return causeway.load.latency.percentile_ms(50) - direct.load.latency.percentile_ms(50);
    };
    stage_.report().goals.push_back({.number = "6",
                                     .measure = "one connection, RSA-2048: p50 signed minus p50 direct",
                                     .unit = "ms",
                                     .must = 2.5,
                                     .goal = 1.1,
                                     .better = Better::less,
                                     .rounds = figures(rounds[kCauseway], rounds[kDirect], above)});
  }

  Result<void> add_throughput(std::size_t connections, const std::vector<std::vector<Round>>& rounds,
                              const Togetherness::Mean& together) {
    const auto ratio = [](const Round& causeway, const Round& nginx) {
      return causeway.load.rate() / nginx.load.rate();
    };
    auto& goals = stage_.report().goals;
    goals.push_back({.number = "1",
                     .measure = fmt::format("T/U, 1 KB REST GET, {} connections, RSA-2048", connections),
                     .unit = "",
                     .must = 0.35,
                     .goal = 0.60,
                     .better = Better::more,
                     .rounds = figures(rounds[kCauseway], rounds[kNginx], ratio)});
    goals.push_back({.number = "4",
                     .measure = "memory of one Security Server (PSS), full load of small messages",
                     .unit = "MB",
                     .must = 120,
                     .goal = 48,
                     .better = Better::less,
                     .rounds = figures(rounds[kCauseway], [](const Round& round) { return megabytes(round.memory); })});
    goals.push_back(
        {.number = "14",
         .measure = "CPU seconds per 1,000 exchanges, the pair",
         .unit = "s",
         .must = 0.3,
         .goal = 0.1,
         .better = Better::less,
         .rounds = figures(rounds[kCauseway], [](const Round& round) { return round.cpu_per_thousand(); })});
    add_chart(connections, rounds);
    return add_model(connections, rounds, together);
  }

  void add_chart(std::size_t connections, const std::vector<std::vector<Round>>& rounds) {
    Chart chart{.name = "performance-throughput",
                .title = fmt::format("1 KB REST GET, {} connections, RSA-2048: requests/s", connections),
                .bars = {}};
    for (std::size_t i = 0; i < targets_.size(); ++i)
      chart.bars.push_back({.label = targets_[i].name, .value = median_of(figures(rounds[i], [](const Round& round) {
                                                         return round.load.rate();
                                                       }))});
    stage_.report().charts.push_back(std::move(chart));
  }

  // CPU time of one request in the part of a target, median of the rounds.
  static CpuTime part_of(const std::vector<Round>& rounds, std::size_t part) {
    const auto of = [&](double CpuTime::* mode) {
      return median_of(figures(rounds, [&](const Round& round) {
        return round.parts.at(part).*mode / static_cast<double>(std::max<std::uint64_t>(1, round.load.answered));
      }));
    };
    return {of(&CpuTime::user), of(&CpuTime::system)};
  }

  Result<void> add_model(std::size_t connections, const std::vector<std::vector<Round>>& rounds,
                         const Togetherness::Mean& together) {
    const auto meter = CryptoMeter::make(SigningKeys::rsa2048);
    if (!meter) return meter.error();
    const auto crypto = meter->measure();
    if (!crypto) return crypto.error();
    const auto primitives = measure_primitives(stage_.options().directory);
    if (!primitives) return primitives.error();
    const auto& causeway = rounds[kCauseway];
    model_ = exchange_model(fmt::format("RSA-2048, {} connections", connections), *crypto, *primitives,
                            {.signers = part_of(causeway, kSigners),
                             .proxies = part_of(causeway, kProxies),
                             .others = part_of(causeway, kOthers),
                             .messages_per_signature = together.messages_per_signature,
                             .records_per_flush = together.records_per_flush,
                             .unsigned_hops = part_of(rounds[kNginx], 0)});
    return {};
  }

  // Processes of both servers by name.
  ProcessGroup named(std::initializer_list<const char*> names) const {
    ProcessGroup group;
    for (const RunningServer* server : {&bed_.ecosystem->consumer(), &bed_.ecosystem->provider()}) {
      for (const char* name : names) {
        if (const auto found = server->pids.find(name); found != server->pids.end()) group.push_back(found->second);
      }
    }
    return group;
  }

  void add_idle_memory() {
    Goal goal{.number = "4",
              .measure = "memory of one Security Server (PSS), idle",
              .unit = "MB",
              .must = 60,
              .goal = 30,
              .better = Better::less};
    for (std::size_t i = 0; i < stage_.options().rounds; ++i) {
      std::this_thread::sleep_for(kIdlePause);
      goal.rounds.push_back(megabytes(MemoryWatch(bed_.servers()).stop()));
    }
    stage_.report().goals.push_back(std::move(goal));
  }

  void add_memory_table() {
    Table table{.title = "Memory after the load (PSS, MB)",
                .columns = {"process", "consumer's server", "provider's server"},
                .rows = {}};
    for (const char* name : {"supervisor", "signer", "admin", "proxy"}) {
      const auto of = [&](const RunningServer& server) {
        const auto found = server.pids.find(name);
        return found == server.pids.end() ? 0.0 : megabytes(ecosystem::proportional_memory({found->second}));
      };
      table.rows.push_back({std::string(name), of(bed_.ecosystem->consumer()), of(bed_.ecosystem->provider())});
    }
    stage_.report().tables.push_back(std::move(table));
  }

  Stage& stage_;
  TestBed bed_;
  std::vector<Target> targets_;
  Table together_ = Togetherness::table(), model_;
};

}  // namespace

Result<void> measure_small_messages(Stage& stage) { return SmallMessages(stage).run(); }

}  // namespace causeway::bench
