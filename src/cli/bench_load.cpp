// SPDX-License-Identifier: MIT
// The load generator alone, for scripts.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "bench/load.hpp"
#include "cli/commands.hpp"

namespace causeway::cli {
namespace {

constexpr std::int64_t kMaxConnections = 10'000;

struct Options {
  std::string url;
  std::vector<std::string> headers;
  std::int64_t connections = 1, seconds = 1, rate = 0;
};

int usage(const std::string& text) {
  std::cerr << "causeway bench-load: " << text << "\n";
  return kUsage;
}

int run(const Options& options) {
  if (options.connections < 1 || options.connections > kMaxConnections || options.seconds < 1 || options.rate < 0)
    return usage("--connections, --seconds and --rate are positive numbers");
  bench::Load load;
  load.request.url = options.url;
  load.connections = static_cast<std::size_t>(options.connections);
  load.duration = std::chrono::seconds(options.seconds);
  load.rate = static_cast<double>(options.rate);
  for (const std::string& header : options.headers) {
    const auto colon = header.find(": ");
    if (colon == std::string::npos) return usage("a header is NAME: VALUE");
    load.request.headers.emplace_back(header.substr(0, colon), header.substr(colon + 2));
  }
  const auto result = bench::run_load(load);
  if (!result) {
    std::cerr << "causeway bench-load: " << result.error().text << "\n";
    return kFailed;
  }
  fmt::print(R"({{"rate": {}, "p50": {}, "p99": {}, "p999": {}, "answered": {}, "refused": {}, "broken": {}}})"
             "\n",
             result->rate(), result->latency.percentile_ms(50), result->latency.percentile_ms(99),
             result->latency.percentile_ms(99.9), result->answered, result->refused, result->broken);
  return kOk;
}

}  // namespace

Command bench_load_command() {
  const auto options = std::make_shared<Options>();
  Command command("bench-load", "Requests to one URL; prints requests per second, latencies in ms and counts as JSON");
  command.internal()
      .option("url", options->url, "http:// address", true)
      .option("--header", options->headers, "\"NAME: VALUE\"; may be repeated")
      .option("--connections", options->connections, "Connections, kept alive")
      .option("--seconds", options->seconds, "How long")
      .option("--rate", options->rate, "Requests per second of an open loop; 0: closed loop")
      .action([options] { return run(*options); });
  return command;
}

}  // namespace causeway::cli
