// SPDX-License-Identifier: MIT
// Goal 12: servers that close each connection between them, as Java's do by default, and
// resume TLS 1.2 sessions.
#include <fmt/format.h>

#include "bench/stage.hpp"

namespace causeway::bench {
namespace {

constexpr const char* kObject = "1024";

}  // namespace

Result<void> measure_closing_peers(Stage& stage) {
  // One suite of TLS 1.2: TLS 1.3 is off then.
  auto bed = stage.start_test_bed("rsa2048", {"--parameter", "proxy.pool-enable-connection-reuse=false", "--parameter",
                                              "proxy.server-support-clients-pooled-connections=false", "--parameter",
                                              "proxy.xroad-tls-ciphers=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"});
  if (!bed) return bed.error();
  const std::size_t connections = stage.most_connections();
  stage.progress(fmt::format("a connection between the servers for each message, {} connections", connections));
  const std::vector<Target> targets{{.name = "nginx, a connection for each request",
                                     .request = plain_object(bed->nginx->closing_url(), kObject),
                                     .processes = bed->nginx->processes()},
                                    {.name = "Causeway, a connection for each message",
                                     .request = signed_object(*bed->ecosystem, kObject),
                                     .processes = bed->ecosystem->pair()}};
  const auto rounds = interleave(targets, stage.plan(connections), [&bed] { return bed->check_alive(); });
  if (!rounds) return rounds.error();
  Table table = throughput_table("1 KB REST GET, peers close each connection, TLS 1.2 resumed, RSA-2048");
  stage.add_rows(table, connections, targets, *rounds);
  stage.report().tables.push_back(std::move(table));
  stage.report().goals.push_back(
      {.number = "12",
       .measure = "peers close each connection, resumed TLS 1.2: T over nginx likewise",
       .unit = "",
       .must = 0.7,
       .goal = 1.3,
       .better = Better::more,
       .rounds = figures((*rounds)[1], (*rounds)[0], [](const Round& causeway, const Round& nginx) {
         return causeway.load.rate() / nginx.load.rate();
       })});
  return {};
}

}  // namespace causeway::bench
