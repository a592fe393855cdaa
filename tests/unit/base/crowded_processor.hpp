// SPDX-License-Identifier: MIT
// Threads that never rest on one processor, for tests of who gets how much of it.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

namespace causeway {

// The calling thread runs there only.
inline void stay_on(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  ASSERT_EQ(::sched_setaffinity(0, sizeof set, &set), 0);
}

// They run until it ends.
class CrowdedProcessor {
 public:
  CrowdedProcessor(int processor, int threads) {
    for (int i = 0; i < threads; ++i)
      threads_.emplace_back([this, processor] {
        stay_on(processor);
        while (!done_) {
        }
      });
  }
  ~CrowdedProcessor() {
    done_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  CrowdedProcessor(const CrowdedProcessor&) = delete;
  CrowdedProcessor& operator=(const CrowdedProcessor&) = delete;

 private:
  std::atomic<bool> done_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace causeway
