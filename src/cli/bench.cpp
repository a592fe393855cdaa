// SPDX-License-Identifier: MIT
#include "bench/bench.hpp"
#include "bench/markdown_report.hpp"

#include <charconv>
#include <iostream>
#include <memory>
#include <ranges>

#include "base/files.hpp"
#include "cli/commands.hpp"

namespace causeway::cli {
namespace {

constexpr std::int64_t kMaxRounds = 1000, kMaxSeconds = 3600;
constexpr std::size_t kMaxConnections = 10'000;

struct Options {
  std::string dir = "causeway-bench", json, connections = "1,256", only, report, client, service;
  std::vector<std::string> peers;
  bool quick = false;
  std::int64_t rounds = 5, seconds = 3, day = 1, body = 1;
};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (const auto part : std::views::split(text, ',')) words.emplace_back(part.begin(), part.end());
  return words;
}

int usage(const std::string& text) {
  std::cerr << "causeway bench: " << text << "\n";
  return kUsage;
}

// False when there is another thing than numbers of connections.
bool read_connections(const std::string& text, std::vector<std::size_t>& connections) {
  connections.clear();
  for (const std::string& word : words_of(text)) {
    std::size_t number = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (failure != std::errc() || end != word.data() + word.size() || number == 0 || number > kMaxConnections)
      return false;
    connections.push_back(number);
  }
  return !connections.empty();
}

int run(const Options& options) {
  constexpr std::string_view kConsumer = "consumer=";
  bench::BenchOptions bench{.directory = options.dir};
  if (!read_connections(options.connections, bench.connections))
    return usage("--connections takes numbers of connections: 1,256");
  if (options.rounds < 1 || options.rounds > kMaxRounds || options.seconds < 1 || options.seconds > kMaxSeconds)
    return usage("--rounds and --seconds are positive numbers");
  bench.quick = options.quick;
  bench.rounds = static_cast<std::size_t>(options.rounds);
  bench.round_time = std::chrono::seconds(options.seconds);
  if (options.body < 1 || options.body > 1000) return usage("--body is a number of gigabytes");
  bench.body_gigabytes = static_cast<std::uint64_t>(options.body);
  if (options.day < 1 || options.day > 100) return usage("--day is a percentage");
  bench.day_share = static_cast<double>(options.day) / 100;
  if (options.quick) {
    bench.rounds = 2;
    bench.round_time = std::chrono::seconds(1);
    bench.connections = {1, 32};
  }
  if (!options.only.empty())
    for (std::string& word : words_of(options.only)) bench.only.insert(std::move(word));
  for (const std::string& number : bench.only)
    if (!bench::is_goal(number)) return usage("--only takes numbers of goals, 1 to 14: " + number);
  if (!options.peers.empty()) {
    if (options.peers.size() > 1 || !options.peers.front().starts_with(kConsumer) || options.client.empty() ||
        options.service.empty())
      return usage("--peer consumer=URL needs --client and --service");
    bench.peer = {options.peers.front().substr(kConsumer.size()), options.client, options.service};
  }
  bench.progress = [](const std::string& text) { std::cerr << text << " ...\n"; };
  const auto report = bench::run_bench(bench);
  if (!report) {
    std::cerr << "causeway bench: " << report.error().text << "\n";
    return kFailed;
  }
  std::cout << bench::to_text(*report);
  if (!options.json.empty()) {
    if (auto written = write_file_atomically(options.json, bench::to_json(*report)); !written) {
      std::cerr << "causeway bench: " << written.error().text << "\n";
      return kFailed;
    }
  }
  if (!options.report.empty()) {
    if (auto written = bench::write_report(*report, options.report); !written) {
      std::cerr << "causeway bench: " << written.error().text << "\n";
      return kFailed;
    }
  }
  return report->failures.empty() ? kOk : kFailed;
}

}  // namespace

Command bench_command() {
  const auto options = std::make_shared<Options>();
  Command command("bench", "Measure signed exchange on this machine against what it does unsigned");
  command.option("--dir", options->dir, "Directory for what is measured; made on the first run, reused later");
  command.option("--json", options->json, "Write all figures to this file");
  command.option("--report", options->report, "Write performance.md and its plots into this directory");
  command.flag("--quick", options->quick, "Under a minute: shows that all works, its figures mean little");
  command.option("--rounds", options->rounds, "Interleaved rounds of every measure");
  command.option("--seconds", options->seconds, "Length of a round");
  command.option("--connections", options->connections, "Numbers of connections, with commas");
  command.option("--body", options->body, "Goal 9: gigabytes of the large body");
  command.option("--day", options->day, "Goal 13: percent of a day's exchanges to replay, 10 as the goal has it");
  command.option("--only", options->only, "Only what these goals need, by number, with commas");
  command.option("--peer", options->peers, "consumer=URL: another pair that runs already, under the same load");
  command.option("--client", options->client, "Of --peer: the client that calls");
  command.option("--service", options->service, "Of --peer: the REST service, and a path of it");
  command.example("causeway bench --dir /tmp/bench --json figures.json");
  command.example("causeway bench --quick");
  command.action([options] { return run(*options); });
  return command;
}

}  // namespace causeway::cli
