// SPDX-License-Identifier: MIT
// HTTP/1.1 load from one thread, and what came of it.
//
// Closed loop: so many connections, each sending its next request when the last one is
// answered. Open loop: requests at a fixed rate whatever becomes of them; the latency of each
// counts from when it was meant to be sent, so that a stall shows in all that it delayed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "bench/histogram.hpp"

namespace causeway::bench {

struct LoadRequest {
  std::string url;  // http://
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  // In place of `body`: so many octets of no meaning.
  std::uint64_t filling = 0;
};

struct Load {
  LoadRequest request;
  std::size_t connections = 1;
  // A connection for each request.
  bool keep_alive = true;
  // How long requests are sent. Those on their way then are waited for and counted, but not in rate().
  std::chrono::nanoseconds duration = std::chrono::seconds(1);
  // Not 0: ends after so many requests, however long they take.
  std::uint64_t requests = 0;
  // Requests per second of an open loop; 0: closed loop.
  double rate = 0;
  // An answer that takes longer, from the start of its request, breaks its connection.
  std::chrono::nanoseconds patience = std::chrono::seconds(30);
};

struct LoadResult {
  std::uint64_t answered = 0;  // with 2xx
  std::uint64_t refused = 0;   // with any other status
  std::uint64_t broken = 0;    // no whole answer, or not in time
  std::uint64_t in_time = 0;   // of `answered`: before the time was up
  std::uint64_t octets = 0;    // of bodies that were received
  double seconds = 0;          // the duration, or until the last of `requests` was answered
  Histogram latency;           // of those answered
  std::string problem;         // what the first refused or broken one met; empty: there was none

  std::uint64_t failed() const { return refused + broken; }
  double rate() const { return seconds > 0 ? static_cast<double>(in_time) / seconds : 0; }
};

// Blocks until it is over. service_malformed_url, network_error when nothing can be sent at all.
Result<LoadResult> run_load(const Load& load);

}  // namespace causeway::bench
