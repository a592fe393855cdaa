// SPDX-License-Identifier: MIT
#include "base/background.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace causeway {
namespace {

using Clock = std::chrono::steady_clock;

void stay_on(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  ASSERT_EQ(::sched_setaffinity(0, sizeof set, &set), 0);
}

std::chrono::nanoseconds time_of_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Who shares a processor with somebody who never rests has half of it, unless it gives way.
TEST(BackgroundPace, LeavesTheProcessorToOthers) {
  const int processor = ::sched_getcpu();
  std::atomic<bool> done = false;
  std::thread busy([&] {
    stay_on(processor);
    while (!done) {
    }
  });
  std::chrono::nanoseconds used{}, lasted{};
  std::thread background([&] {
    stay_on(processor);
    BackgroundPace pace;
    const auto begun = Clock::now();
    while (Clock::now() - begun < std::chrono::seconds(1)) {
      const auto until = Clock::now() + std::chrono::microseconds(100);
      while (Clock::now() < until) {
      }
      pace.give_way();
    }
    lasted = Clock::now() - begun;
    used = time_of_thread();
  });
  background.join();
  done = true;
  busy.join();
  EXPECT_LT(used * 10, lasted * 3);
}

}  // namespace
}  // namespace causeway
