// SPDX-License-Identifier: MIT
// How many messages the servers of a pair signed, and how many records they flushed,
// together: what their proxies count, before and after a load.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "bench/report.hpp"
#include "bench/running_ecosystem.hpp"
#include "securityserver/proxy_status.hpp"

namespace causeway::bench {

class Togetherness {
 public:
  // Counts from now on.
  static Result<Togetherness> start(const RunningEcosystem& ecosystem);

  static Table table();
  // Of both servers.
  struct Mean {
    double messages_per_signature = 0, records_per_flush = 0;
  };
  // Adds a row for each server of what came since the start, in `seconds` of load.
  Result<Mean> add_rows(Table& table, double connections, double seconds) const;

 private:
  struct Server {
    std::string role, status_file;
    securityserver::ProxyStatus before;
  };
  std::vector<Server> servers_;
};

}  // namespace causeway::bench
