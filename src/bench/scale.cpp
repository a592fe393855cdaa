// SPDX-License-Identifier: MIT
// Goal 10: a country of 100,000 members against one of a few.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <thread>

#include "base/files.hpp"
#include "bench/process_usage.hpp"
#include "bench/stage.hpp"
#include "domain/fault_code.hpp"

namespace causeway::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMembers = 100'000;
constexpr std::size_t kReloads = 3;
constexpr const char* kObject = "1024";
// A reload is over when the server has needed less than a fiftieth of a core for so long.
constexpr std::chrono::milliseconds kQuiet{1000}, kLook{50};
constexpr double kQuietShare = 0.02;
constexpr std::chrono::seconds kLimit{120};

struct Reload {
  double cpu_seconds = 0;
  double extra_peak = 0;  // MB
};

class Reloads {
 public:
  explicit Reloads(const RunningEcosystem& ecosystem)
      : server_(ecosystem.consumer()),
        count_(server_.directory.parent_path() / "central" / "members"),
        configuration_(server_.directory / "globalconf" / "EE" / "shared-params.xml") {}

  // One member more, until the consumer's server has it.
  Result<Reload> once() {
    const auto pids = server_.processes();
    if (auto quiet = wait_until_quiet(); !quiet) return quiet.error();
    std::vector<std::uint64_t> before;
    for (const pid_t pid : pids) {
      forget_peak(pid);
      before.push_back(resident_memory(pid));
    }
    const double cpu = cpu_seconds(pids);
    const auto known = std::filesystem::last_write_time(configuration_);
    if (auto written = write_file_atomically(count_, std::to_string(kMembers + ++more_) + "\n"); !written)
      return written.error();
    for (const auto begin = Clock::now(); std::filesystem::last_write_time(configuration_) == known;) {
      if (Clock::now() - begin > kLimit) return fault(FaultCode::io_error, "no new configuration comes");
      std::this_thread::sleep_for(kQuiet);
      // Fetch at once, which counts little.
      ::kill(server_.pids.at("admin"), SIGHUP);
    }
    if (auto quiet = wait_until_quiet(); !quiet) return quiet.error();
    Reload reload{.cpu_seconds = cpu_seconds(pids) - cpu};
    for (std::size_t i = 0; i < pids.size(); ++i) {
      const std::uint64_t peak = peak_memory(pids[i]);
      if (peak > before[i]) reload.extra_peak += static_cast<double>(peak - before[i]) / 1e6;
    }
    return reload;
  }

 private:
  Result<void> wait_until_quiet() const {
    const auto pids = server_.processes();
    const auto begin = Clock::now();
    auto since = begin;
    double cpu = cpu_seconds(pids);
    while (Clock::now() - since < kQuiet) {
      std::this_thread::sleep_for(kLook);
      const double now = cpu_seconds(pids);
      if (now - cpu > kQuietShare * std::chrono::duration<double>(kQuiet).count()) {
        cpu = now;
        since = Clock::now();
      }
      if (since - begin > kLimit) return fault(FaultCode::io_error, "a server does not come to rest");
    }
    return {};
  }

  const RunningServer& server_;
  const std::filesystem::path count_, configuration_;
  std::size_t more_ = 0;
};

void add_goal(Stage& stage, const std::string& measure, const std::string& unit, double must, double goal,
              Better better, std::vector<double> rounds) {
  stage.report().goals.push_back({.number = "10",
                                  .measure = measure,
                                  .unit = unit,
                                  .must = must,
                                  .goal = goal,
                                  .better = better,
                                  .rounds = std::move(rounds)});
}

}  // namespace

Result<void> measure_scale(Stage& stage) {
  auto small = stage.start_ecosystem("rsa2048");
  if (!small) return small.error();
  auto large = stage.start_ecosystem("members-100000", {"--members", std::to_string(kMembers)});
  if (!large) return large.error();
  const std::size_t connections = stage.most_connections();
  stage.progress("few members and 100,000");
  const std::vector<Target> targets{
      {.name = "few members", .request = signed_object(**small, kObject), .processes = (*small)->pair()},
      {.name = "100,000 members", .request = signed_object(**large, kObject), .processes = (*large)->pair()}};
  const auto rounds = interleave(targets, stage.plan(connections), [&]() -> Result<void> {
    if (auto alive = (*small)->check_alive(); !alive) return alive;
    return (*large)->check_alive();
  });
  if (!rounds) return rounds.error();
  Table table = throughput_table("1 KB REST GET, by members in the global configuration, RSA-2048, keep-alive");
  stage.add_rows(table, connections, targets, *rounds);
  stage.report().tables.push_back(std::move(table));
  add_goal(stage, "few to 100,000 members: T ratio", "", 0.95, 0.99, Better::more,
           figures((*rounds)[1], (*rounds)[0],
                   [](const Round& one, const Round& other) { return one.load.rate() / other.load.rate(); }));
  small->reset();
  stage.progress("a new configuration of 100,000 members");
  Reloads reloads(**large);
  std::vector<double> cpu, peaks;
  for (std::size_t i = 0; i < kReloads; ++i) {
    const auto reload = reloads.once();
    if (!reload) return reload.error();
    cpu.push_back(reload->cpu_seconds);
    peaks.push_back(reload->extra_peak);
  }
  add_goal(stage, "100,000 members: CPU of a reload, one server", "s", 2, 0.7, Better::less, std::move(cpu));
  add_goal(stage, "100,000 members: extra peak memory of a reload, one server", "MB", 200, 48, Better::less,
           std::move(peaks));
  return (*large)->check_alive();
}

}  // namespace causeway::bench
