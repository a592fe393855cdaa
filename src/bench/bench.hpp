// SPDX-License-Identifier: MIT
// The benchmark: signed exchange against what the same machine does without signing.
// Everything runs on loopback, started and stopped by it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bench/report.hpp"

namespace causeway::bench {

// Another pair of Security Servers, running already, to put under the same load.
struct Peer {
  std::string consumer_url;  // "http://ss1.example:8080"
  std::string client;        // "DEV/COM/1234/app"
  std::string service;       // "DEV/GOV/5678/data/objects", and a path of it
};

struct BenchOptions {
  std::filesystem::path directory;
  // Shorter rounds and fewer measures: shows that all works, and no more.
  bool quick = false;
  std::size_t rounds = 5;
  std::chrono::milliseconds round_time{3000};
  std::vector<std::size_t> connections{1, 256};
  // Of the exchanges of a day, how much goal 13 replays.
  double day_share = 0.01;
  // Size of the body of goal 9.
  std::uint64_t body_gigabytes = 1;
  std::set<std::string> only = {};  // numbers of goals; empty: all
  std::optional<Peer> peer = {};
  // Told what is being done, in a line.
  std::function<void(const std::string&)> progress = [](const std::string&) {};

  bool wants(std::initializer_list<const char*> goals) const;
};

// "1" to "14", those that are measured.
bool is_goal(const std::string& number);

// io_error when something could not be started or has ended; network_error when a target
// cannot be reached. What failed besides is in Report::failures.
Result<Report> run_bench(const BenchOptions& options);

}  // namespace causeway::bench
