// SPDX-License-Identifier: MIT
// Goal 9: a body of 1 GB in each direction; and of goal 4, many large bodies at once.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bench/process_usage.hpp"
#include "bench/stage.hpp"

namespace causeway::bench {
namespace {

constexpr std::uint64_t kGigabyte = 1'000'000'000;
constexpr std::size_t kRounds = 3;  // of each direction: six values of the goals
constexpr std::size_t kParallel = 100;
constexpr const char* kParallelObject = "200M";
constexpr std::chrono::seconds kPatience{1800};
// X-Road's own limit, of which the log keeps the beginning: otherwise a run would write
// 40 GB of logs.
constexpr const char* kLogLimit = "message-log.max-loggable-message-body-size=10485760";

double megabytes(std::uint64_t octets) { return static_cast<double>(octets) / 1e6; }

// How much larger any of the processes became than it was, at most. Octets.
class Growth {
 public:
  explicit Growth(const std::vector<pid_t>& pids) {
    for (const pid_t pid : pids) {
      forget_peak(pid);
      before_[pid] = resident_memory(pid);
    }
  }
  std::uint64_t largest() const {
    std::uint64_t most = 0;
    for (const auto& [pid, before] : before_) {
      const std::uint64_t peak = peak_memory(pid);
      if (peak > before) most = std::max(most, peak - before);
    }
    return most;
  }

 private:
  std::map<pid_t, std::uint64_t> before_;
};

class LargeBodies {
 public:
  LargeBodies(Stage& stage, TestBed bed) : stage_(stage), bed_(std::move(bed)) {}

  Result<void> run() {
    if (stage_.options().wants({"9"})) {
      if (auto measured = one_large_body(); !measured) return measured;
    }
    if (stage_.options().wants({"4"})) {
      if (auto measured = many_bodies(); !measured) return measured;
    }
    return {};
  }

 private:
  static Load shape(std::size_t connections) {
    return {.request = {}, .connections = connections, .requests = connections, .patience = kPatience};
  }

  std::string name() const { return fmt::format("{} GB body", stage_.options().body_gigabytes); }

  static double speed(const Round& round, std::uint64_t octets) {
    return megabytes(octets) * static_cast<double>(round.load.in_time) / round.load.seconds;
  }

  Result<void> one_large_body() {
    Table table{.title = fmt::format("A body of {} GB, one at a time", stage_.options().body_gigabytes),
                .columns = {"direction", "measure", "MB/s", "worst", "growth MB"},
                .rows = {}};
    std::vector<double> all_growth, all_ratio;
    for (const bool to_service : {false, true}) {
      stage_.progress(name() + (to_service ? " to a service" : " from a service"));
      std::vector<double> nginx_speed, speeds, growth;
      for (std::size_t i = 0; i < std::min(stage_.options().rounds, kRounds); ++i) {
        const auto nginx = transfer({.name = "nginx", .request = body(to_service, bed_.nginx->url())});
        if (!nginx) return nginx.error();
        const Growth grown(bed_.ecosystem->pair());
        const auto causeway = transfer({.name = "Causeway", .request = signed_body(to_service)});
        if (!causeway) return causeway.error();
        nginx_speed.push_back(speed(*nginx, size_));
        speeds.push_back(speed(*causeway, size_));
        growth.push_back(megabytes(grown.largest()));
      }
      const std::string direction = to_service ? "to a service" : "from a service";
      table.rows.push_back(
          {direction, "nginx", median_of(nginx_speed), *std::ranges::min_element(nginx_speed), Cell("")});
      table.rows.push_back(
          {direction, "Causeway", median_of(speeds), *std::ranges::min_element(speeds), median_of(growth)});
      for (std::size_t i = 0; i < speeds.size(); ++i) {
        if (nginx_speed[i] > 0) all_ratio.push_back(speeds[i] / nginx_speed[i]);
      }
      all_growth.insert(all_growth.end(), growth.begin(), growth.end());
    }
    stage_.report().tables.push_back(std::move(table));
    stage_.report().goals.push_back({.number = "9",
                                     .measure = name() + ": growth of the resident memory of any process",
                                     .unit = "MB",
                                     .must = 32,
                                     .goal = 8,
                                     .better = Better::less,
                                     .rounds = std::move(all_growth)});
    stage_.report().goals.push_back({.number = "9",
                                     .measure = name() + ": MB/s over nginx, both directions",
                                     .unit = "",
                                     .must = 0.25,
                                     .goal = 0.5,
                                     .better = Better::more,
                                     .rounds = std::move(all_ratio)});
    return {};
  }

  LoadRequest filled(LoadRequest request, bool to_service) const {
    if (!to_service) return request;
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/octet-stream");
    request.filling = size_;
    return request;
  }
  LoadRequest body(bool to_service, const std::string& url) const {
    return filled(plain_object(url, to_service ? std::string() : object_), to_service);
  }
  LoadRequest signed_body(bool to_service) const {
    return filled(signed_object(*bed_.ecosystem, to_service ? std::string() : object_), to_service);
  }

  Result<Round> transfer(const Target& target) { return run(target, 1); }

  Result<Round> run(const Target& target, std::size_t connections) {
    auto round = run_round(target, shape(connections));
    if (!round) return round;
    if (auto alive = bed_.check_alive(); !alive) return alive.error();
    stage_.note_failures(connections, {target}, {{*round}});
    return round;
  }

  Result<void> many_bodies() {
    stage_.progress(fmt::format("{} bodies of {} at once", kParallel, kParallelObject));
    const Target target{.name = "Causeway",
                        .request = signed_object(*bed_.ecosystem, kParallelObject),
                        .processes = bed_.ecosystem->pair(),
                        .watched = bed_.servers()};
    const auto round = run(target, kParallel);
    if (!round) return round.error();
    stage_.report().tables.push_back({.title = fmt::format("{} bodies of 200 MB at once, from a service", kParallel),
                                      .columns = {"measure", "MB/s", "seconds", "memory of one server MB"},
                                      .rows = {{std::string("Causeway"), speed(*round, 200'000'000),
                                                round->load.seconds, megabytes(round->memory)}}});
    stage_.report().goals.push_back({.number = "4",
                                     .measure = "memory of one Security Server (PSS), 100 parallel 200 MB bodies",
                                     .unit = "MB",
                                     .must = 250,
                                     .goal = 100,
                                     .better = Better::less,
                                     .rounds = {megabytes(round->memory)}});
    return {};
  }

  Stage& stage_;
  TestBed bed_;
  const std::uint64_t size_ = stage_.options().body_gigabytes * kGigabyte;
  const std::string object_ = fmt::format("{}G", stage_.options().body_gigabytes);
};

}  // namespace

Result<void> measure_large_bodies(Stage& stage) {
  auto bed = stage.start_test_bed("large-bodies", {"--parameter", kLogLimit});
  if (!bed) return bed.error();
  return LargeBodies(stage, std::move(*bed)).run();
}

}  // namespace causeway::bench
