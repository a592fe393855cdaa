// SPDX-License-Identifier: MIT
#include "bench/process_usage.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <vector>

#include "bench/memory_watch.hpp"

namespace causeway::bench {
namespace {

TEST(ProcessUsage, CountsTheWorkOfThisProcess) {
  const double before = cpu_seconds({::getpid()});
  volatile std::uint64_t work = 0;
  while (cpu_seconds({::getpid()}) < before + 0.1) {
    for (int i = 0; i < 1'000'000; ++i) work = work + 1;
  }
  EXPECT_GT(cpu_seconds({::getpid()}), before);
}

TEST(ProcessUsage, AProcessThatIsGoneUsesNothing) {
  EXPECT_EQ(cpu_seconds({-1}), 0);
  EXPECT_EQ(resident_memory(-1), 0U);
}

TEST(ProcessUsage, ThePeakStaysUntilItIsForgotten) {
  constexpr std::size_t kSize = 64UL << 20;
  {
    std::vector<char> block(kSize);
    // Looked at, so that no compiler leaves it out.
    volatile char* const looked_at = block.data();
    for (std::size_t i = 0; i < kSize; i += 512) looked_at[i] = 1;
    EXPECT_GE(peak_memory(::getpid()), kSize);
  }
  EXPECT_GE(peak_memory(::getpid()), kSize);
  forget_peak(::getpid());
  EXPECT_LE(peak_memory(::getpid()), resident_memory(::getpid()) + (8UL << 20));
}

TEST(MemoryWatch, SeesTheLargestGroup) {
  MemoryWatch watch({{-1}, {::getpid()}});
  EXPECT_GT(watch.stop(), 100'000U);
}

}  // namespace
}  // namespace causeway::bench
