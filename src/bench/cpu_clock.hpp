// SPDX-License-Identifier: MIT
// What one operation costs this thread.
#pragma once

#include <cstdint>
#include <ctime>

namespace causeway::bench {

inline double thread_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// CPU seconds of one call, from as many as fit into `seconds` of CPU time.
template <class Operation>
double cpu_cost_of(double seconds, Operation operation) {
  operation();  // what is done once only
  const double begin = thread_cpu_seconds();
  double spent = 0;
  std::uint64_t count = 0;
  while (spent < seconds) {
    operation();
    ++count;
    spent = thread_cpu_seconds() - begin;
  }
  return spent / static_cast<double>(count);
}

}  // namespace causeway::bench
