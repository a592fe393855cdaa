// SPDX-License-Identifier: MIT
#include "base/background.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <time.h>

#include <chrono>
#include <thread>

#include "unit/base/crowded_processor.hpp"

namespace causeway {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::nanoseconds time_of_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Who shares a processor with somebody who never rests has half of it, unless it gives way.
TEST(BackgroundPace, LeavesTheProcessorToOthers) {
  const int processor = ::sched_getcpu();
  const CrowdedProcessor crowd(processor, 1);
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
  EXPECT_LT(used * 10, lasted * 3);
}

}  // namespace
}  // namespace causeway
