// SPDX-License-Identifier: MIT
#include "base/processor_times.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace causeway {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

void stay_on(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  ASSERT_EQ(::sched_setaffinity(0, sizeof set, &set), 0);
}

// Threads that never rest, on one processor.
class Crowd {
 public:
  Crowd(int processor, int size) {
    for (int i = 0; i < size; ++i)
      threads_.emplace_back([this, processor] {
        stay_on(processor);
        while (!done_) {
        }
      });
  }
  ~Crowd() {
    done_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

 private:
  std::atomic<bool> done_ = false;
  std::vector<std::thread> threads_;
};

void work_for(std::chrono::milliseconds duration) {
  const auto until = Clock::now() + duration;
  while (Clock::now() < until) {
  }
}

// True as soon as it says so; false when it hasn't after a long time.
bool comes_to_say(ProcessorDemand& demand, bool high) {
  for (const auto until = Clock::now() + 60s; Clock::now() < until; work_for(2ms))
    if (demand.is_high() == high) return true;
  return false;
}

TEST(ProcessorTimes, GrowWhileAThreadRunsAndWhileOthersKeepItWaiting) {
  const int processor = ::sched_getcpu();
  std::thread([processor] {
    stay_on(processor);
    const ProcessorTimes times;
    const auto before = times.look();
    if (!before) GTEST_SKIP() << "this system does not tell";
    const Crowd crowd(processor, 3);
    work_for(500ms);
    const auto after = times.look();
    ASSERT_TRUE(after);
    EXPECT_GT(after->running, before->running);
    EXPECT_GT(after->waiting, before->waiting + 100'000'000);
  }).join();
}

TEST(ProcessorDemand, IsHighWhileOthersHaveTheProcessorAndNoLonger) {
  const int processor = ::sched_getcpu();
  std::thread([processor] {
    stay_on(processor);
    if (!ProcessorTimes().look()) GTEST_SKIP() << "this system does not tell";
    ProcessorDemand demand;
    EXPECT_TRUE(comes_to_say(demand, false));
    {
      const Crowd crowd(processor, 3);
      EXPECT_TRUE(comes_to_say(demand, true));
    }
    EXPECT_TRUE(comes_to_say(demand, false));
  }).join();
}

}  // namespace
}  // namespace causeway
