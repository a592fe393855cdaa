// SPDX-License-Identifier: MIT
// A part of the benchmark: starts what it needs, measures, adds to the report.
#pragma once

#include "bench/bench.hpp"
#include "bench/nginx_pair.hpp"
#include "bench/rounds.hpp"
#include "bench/running_ecosystem.hpp"

namespace causeway::bench {

// A pair of Security Servers, the nginx pair it is measured against, and one service behind both.
struct TestBed {
  std::unique_ptr<RunningEcosystem> ecosystem;
  std::unique_ptr<NginxPair> nginx;

  // io_error when a process of either has ended.
  Result<void> check_alive() const;
  // The processes of each of the two Security Servers.
  std::vector<ProcessGroup> servers() const;
};

class Stage {
 public:
  Stage(const BenchOptions& options, Report& report) : options_(options), report_(report) {}

  const BenchOptions& options() const { return options_; }
  Report& report() { return report_; }
  void progress(const std::string& text) const { options_.progress(text); }

  // Two countries in a directory of their own below that of the benchmark; their message logs
  // are empty.
  Result<std::unique_ptr<RunningEcosystem>> start_ecosystem(const std::string& name,
                                                            std::vector<std::string> arguments = {}) const;

  Result<TestBed> start_test_bed(const std::string& name, std::vector<std::string> arguments = {}) const;

  std::size_t most_connections() const;
  // Keep-alive, closed loop, as long as a round is.
  RoundPlan plan(std::size_t connections) const;
  // One row for each target in `table` (see throughput_table), and its failures.
  void add_rows(Table& table, std::size_t connections, const std::vector<Target>& targets,
                const std::vector<std::vector<Round>>& rounds);
  // Requests of these rounds that failed become failures of the report.
  void note_failures(std::size_t connections, const std::vector<Target>& targets,
                     const std::vector<std::vector<Round>>& rounds);

 private:
  const BenchOptions& options_;
  Report& report_;
};

// Columns of add_rows().
Table throughput_table(std::string title);

// The large object of so many octets of the service in the other country, through the pair:
// and the same of the service itself, at `url`.
LoadRequest signed_object(const RunningEcosystem& ecosystem, const std::string& name);
LoadRequest plain_object(const std::string& url, const std::string& name);

// Stages, in the order in which they run.
Result<void> measure_small_messages(Stage& stage);  // goals 1, 4 (idle, full load), 6 (RSA-2048), 14
Result<void> measure_signing(Stage& stage);         // goals 2, 3, 6 (P-256)
Result<void> measure_open_loop(Stage& stage);       // goal 7
Result<void> measure_other_messages(Stage& stage);  // SOAP, 100 KB, 10 MB
Result<void> measure_large_bodies(Stage& stage);    // goals 4 (parallel bodies), 9
Result<void> measure_closing_peers(Stage& stage);   // goal 12
Result<void> measure_start(Stage& stage);           // goal 5
Result<void> measure_evidence_work(Stage& stage);   // goal 8
Result<void> measure_scale(Stage& stage);           // goal 10
Result<void> measure_day(Stage& stage);             // goals 11 (size, finding), 13

}  // namespace causeway::bench
