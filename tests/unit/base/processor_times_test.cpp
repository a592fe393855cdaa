// SPDX-License-Identifier: MIT
#include "base/processor_times.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <thread>

#include "unit/base/crowded_processor.hpp"

namespace causeway {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

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
    const CrowdedProcessor crowd(processor, 3);
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
    ProcessorDemand demand;
    if (!ProcessorTimes().look()) {  // this system does not tell
      EXPECT_TRUE(demand.is_high());
      return;
    }
    EXPECT_TRUE(comes_to_say(demand, false));
    {
      const CrowdedProcessor crowd(processor, 3);
      EXPECT_TRUE(comes_to_say(demand, true));
    }
    EXPECT_TRUE(comes_to_say(demand, false));
  }).join();
}

}  // namespace
}  // namespace causeway
