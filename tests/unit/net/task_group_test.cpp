// SPDX-License-Identifier: MIT
#include "net/task_group.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "net/handoff.hpp"
#include "net/io_threads.hpp"

namespace causeway::net {
namespace {

using std::chrono::milliseconds;

struct Mark {
  std::atomic<int>& count;
  ~Mark() { ++count; }
};

Task<void> wait_for_ever(std::atomic<int>& begun, std::atomic<int>& ended) {
  const Mark mark{ended};
  ++begun;
  const Handoff<int> never;
  for (;;) co_await never.wait();
}

void wait_until(IoThreads& threads, const std::atomic<int>& count, int value) {
  while (count < value) block_on(threads.at(0), sleep_for(milliseconds(1)));
}

TEST(TaskGroup, CancelsWhatItsCoroutinesWaitForAndReturnsWhenAllHaveEnded) {
  IoThreads threads(1);
  std::atomic<int> begun = 0, ended = 0;
  TaskGroup group(threads.at(0));
  for (int i = 0; i < 10; ++i) group.spawn("test", [&] { return wait_for_ever(begun, ended); });
  wait_until(threads, begun, 10);
  EXPECT_EQ(ended, 0);
  group.stop();
  EXPECT_EQ(ended, 10);
}

TEST(TaskGroup, ItsCoroutinesOwnNothingAnyMoreOnceItIsGone) {
  IoThreads threads(1);
  std::atomic<int> begun = 0, ended = 0;
  const auto owned = std::make_shared<int>(1);
  {
    TaskGroup group(threads.at(0));
    for (int i = 0; i < 100; ++i) {
      group.spawn("test", [&begun, &ended, owned] { return wait_for_ever(begun, ended); });
    }
  }
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_EQ(ended, begun);
}

TEST(TaskGroup, BeginsNothingAfterItsEnd) {
  IoThreads threads(1);
  std::atomic<int> begun = 0, ended = 0;
  TaskGroup group(threads.at(0));
  group.stop();
  group.spawn("test", [&] { return wait_for_ever(begun, ended); });
  group.stop();
  EXPECT_EQ(begun, 0);
}

TEST(TaskGroup, ACoroutineThatThrowsLeavesTheOthersAlone) {
  IoThreads threads(1);
  std::atomic<int> begun = 0, ended = 0;
  TaskGroup group(threads.at(0));
  group.spawn("test", [&] { return wait_for_ever(begun, ended); });
  group.spawn("test", [&]() -> Task<void> {
    const Mark mark{begun};
    co_await sleep_for(milliseconds(1));
    throw std::runtime_error("only logged");
  });
  wait_until(threads, begun, 2);
  block_on(threads.at(0), sleep_for(milliseconds(20)));
  EXPECT_EQ(ended, 0);
}

TEST(TaskGroup, EndsWithALoopThatWasStopped) {
  std::atomic<int> begun = 0, ended = 0;
  {
    IoThreads threads(1);
    TaskGroup group(threads.at(0));
    group.spawn("test", [&] { return wait_for_ever(begun, ended); });
    wait_until(threads, begun, 1);
    threads.stop();
  }
  EXPECT_EQ(ended, 1);
}

}  // namespace
}  // namespace causeway::net
