// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_writer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryDirectory;

// Some come alone and are written by their own thread, some in crowds by the writer's; which,
// depends on the disk. Each must be on disk once, under the id that was told.
TEST(LogWriter, RecordsThatComeAloneAndInCrowdsAreAllWrittenOnce) {
  const TemporaryDirectory directory;
  constexpr int kThreads = 4, kEach = 150;
  std::mutex mutex;
  std::set<std::uint64_t> told;
  LogCounts counts;
  {
    const auto writer = open_writer(directory.path().string());
    ASSERT_TRUE(writer);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          if (i % 10 == t) std::this_thread::sleep_for(3ms);
          const auto id = append(*writer, sample_record(std::to_string(t) + "-" + std::to_string(i)));
          ASSERT_TRUE(id) << id.error().text;
          const std::lock_guard lock(mutex);
          EXPECT_TRUE(told.insert(*id).second) << *id;
        }
      });
    for (auto& thread : threads) thread.join();
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(2ms);
      const auto id = append(*writer, sample_record("alone-" + std::to_string(i)));
      ASSERT_TRUE(id);
      told.insert(*id);
    }
    counts = writer->counts();
  }
  const std::size_t all = kThreads * kEach + 20;
  EXPECT_EQ(told.size(), all);
  EXPECT_EQ(*told.rbegin(), all);
  EXPECT_EQ(counts.records, all);
  EXPECT_GE(counts.flushes, 20U);
  auto segment = SegmentReader::open(directory.path().string(), 1);
  ASSERT_TRUE(segment);
  const auto survey = survey_segment(*segment, true);
  ASSERT_TRUE(survey);
  EXPECT_EQ(survey->records, all);
  EXPECT_TRUE(survey->gaps.empty());
}

// What one thread brings while another writes alone must not wait for the next arrival.
TEST(LogWriter, WhatComesWhileAnotherWritesAloneIsWrittenToo) {
  const TemporaryDirectory directory;
  const auto writer = open_writer(directory.path().string());
  ASSERT_TRUE(writer);
  for (int round = 0; round < 30; ++round) {
    std::this_thread::sleep_for(2ms);
    std::thread other([&] { EXPECT_TRUE(append(*writer, sample_record("other"))); });
    EXPECT_TRUE(append(*writer, sample_record("one")));
    other.join();
  }
  EXPECT_EQ(writer->counts().records, 60U);
}

}  // namespace
}  // namespace causeway::securityserver
