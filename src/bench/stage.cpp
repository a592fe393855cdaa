// SPDX-License-Identifier: MIT
#include "bench/stage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway::bench {
namespace {

constexpr std::chrono::milliseconds kWarmUp{1000}, kQuickWarmUp{300};

double median_figure(const std::vector<Round>& rounds, const std::function<double(const Round&)>& figure) {
  return median_of(figures(rounds, figure));
}

// What an earlier run logged would make this one's start slower, and fill the disk.
void empty_message_logs(const std::filesystem::path& ecosystem) {
  std::error_code ignored;
  for (const char* country : {"ee", "fi"}) {
    for (const char* server : {"ss1", "ss2"}) {
      for (const char* folder : {"messagelog", "archive", "spool"})
        std::filesystem::remove_all(ecosystem / country / server / folder, ignored);
    }
  }
}

}  // namespace

Result<void> TestBed::check_alive() const {
  if (auto alive = nginx->check_alive(); !alive) return alive;
  return ecosystem->check_alive();
}

std::vector<ProcessGroup> TestBed::servers() const {
  return {ecosystem->consumer().processes(), ecosystem->provider().processes()};
}

Result<std::unique_ptr<RunningEcosystem>> Stage::start_ecosystem(const std::string& name,
                                                                 std::vector<std::string> arguments) const {
  progress(fmt::format("starting two countries ({})", name));
  empty_message_logs(options_.directory / name);
  auto started = RunningEcosystem::start({.directory = options_.directory / name, .more = std::move(arguments)});
  if (!started) return started.error().while_doing("ecosystem " + name);
  return started;
}

Result<TestBed> Stage::start_test_bed(const std::string& name, std::vector<std::string> arguments) const {
  TestBed bed;
  auto ecosystem = start_ecosystem(name, std::move(arguments));
  if (!ecosystem) return ecosystem.error();
  bed.ecosystem = std::move(*ecosystem);
  auto nginx = NginxPair::start({.program = nginx_program(),
                                 .directory = options_.directory / "nginx",
                                 .service_url = bed.ecosystem->registers_url()});
  if (!nginx) return nginx.error();
  bed.nginx = std::move(*nginx);
  return bed;
}

std::size_t Stage::most_connections() const { return *std::ranges::max_element(options_.connections); }

RoundPlan Stage::plan(std::size_t connections) const {
  RoundPlan plan{.rounds = options_.rounds, .warm_up = options_.quick ? kQuickWarmUp : kWarmUp, .shape = {}};
  plan.shape.connections = connections;
  plan.shape.duration = options_.round_time;
  return plan;
}

Table throughput_table(std::string title) {
  return {.title = std::move(title),
          .columns = {"connections", "measure", "requests/s", "worst", "p50 ms", "p99 ms", "p99.9 ms", "CPU s/1000",
                      "failed"},
          .rows = {}};
}

void Stage::add_rows(Table& table, std::size_t connections, const std::vector<Target>& targets,
                     const std::vector<std::vector<Round>>& rounds) {
  note_failures(connections, targets, rounds);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto rates = figures(rounds[i], [](const Round& round) { return round.load.rate(); });
    const auto percentile = [&](double percent) {
      return median_figure(rounds[i], [&](const Round& round) { return round.load.latency.percentile_ms(percent); });
    };
    std::uint64_t failed = 0;
    for (const Round& round : rounds[i]) failed += round.load.failed();
    const Cell cpu = targets[i].processes.empty()
                         ? Cell("")
                         : Cell(median_figure(rounds[i], [](const Round& round) { return round.cpu_per_thousand(); }));
    table.rows.push_back({static_cast<double>(connections), targets[i].name, median_of(rates),
                          *std::ranges::min_element(rates), percentile(50), percentile(99), percentile(99.9), cpu,
                          static_cast<double>(failed)});
  }
}

void Stage::note_failures(std::size_t connections, const std::vector<Target>& targets,
                          const std::vector<std::vector<Round>>& rounds) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    for (const Round& round : rounds[i]) {
      if (round.load.failed() == 0) continue;
      report_.failures.push_back(fmt::format("{}, {} connections: {} of {} requests failed: {}", targets[i].name,
                                             connections, round.load.failed(),
                                             round.load.failed() + round.load.answered, round.load.problem));
    }
  }
}

LoadRequest signed_object(const RunningEcosystem& ecosystem, const std::string& name) {
  return {.url = fmt::format("{}/r1/{}/{}", ecosystem.consumer().consumer_url, ecosystem.object_service(), name),
          .headers = {{"X-Road-Client", ecosystem.client()}}};
}

LoadRequest plain_object(const std::string& url, const std::string& name) {
  return {.url = fmt::format("{}/objects/{}", url, name)};
}

}  // namespace causeway::bench
