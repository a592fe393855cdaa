// SPDX-License-Identifier: MIT
#include "net/coroutines.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "net/handoff.hpp"
#include "net/io_threads.hpp"

namespace causeway::net {
namespace {

using std::chrono::milliseconds;

TEST(Coroutines, ASpawnedOneOwnsItsArgumentsAndMayThrow) {
  IoThreads threads(1);
  Handoff<std::string> done;
  {
    auto text = std::make_unique<std::string>("kept");
    spawn(threads.at(0), "test", [text = std::move(text), done]() -> Task<void> {
      co_await sleep_for(milliseconds(20));
      done.complete(*text);
      throw std::runtime_error("only logged");
    });
  }
  EXPECT_EQ(block_on(threads.at(0), done.wait()), "kept");
}

TEST(Coroutines, WorkBeyondItsDeadlineIsCancelled) {
  IoThreads threads(1);
  bool destroyed = false;
  struct Mark {
    bool& flag;
    ~Mark() { flag = true; }
  };
  const auto slow = [](bool& flag) -> Task<Result<int>> {
    const Mark mark{flag};
    co_await sleep_for(std::chrono::hours(1));
    co_return 1;
  };
  const auto late = block_on(threads.at(0), with_deadline(milliseconds(20), "the work", slow(destroyed)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "io_error");
  EXPECT_TRUE(destroyed);
  const auto quick = []() -> Task<Result<int>> { co_return 7; };
  EXPECT_EQ(*block_on(threads.at(0), with_deadline(std::chrono::hours(1), "the work", quick())), 7);
}

TEST(Coroutines, ExceptionsOfLimitedWorkComeOut) {
  IoThreads threads(1);
  const auto broken = []() -> Task<Result<int>> {
    co_await sleep_for(milliseconds(1));
    throw std::logic_error("bug");
  };
  EXPECT_THROW((void)block_on(threads.at(0), with_deadline(std::chrono::hours(1), "work", broken())), std::logic_error);
}

TEST(HandoffValue, ArrivesFromAnotherThreadBeforeOrAfterTheWaitBegins) {
  IoThreads threads(2);
  for (int i = 0; i < 2000; ++i) {
    const Handoff<int> value;
    std::thread other([&value, i] { value.complete(i); });
    const auto got = block_on(threads.at(i % 2), value.wait(std::chrono::hours(1)));
    other.join();
    ASSERT_EQ(got, i);
  }
}

TEST(HandoffValue, IsEmptyAfterTheDeadlineAndTheFirstCompletionCounts) {
  IoThreads threads(1);
  const Handoff<int> late;
  EXPECT_EQ(block_on(threads.at(0), late.wait(milliseconds(10))), std::nullopt);
  EXPECT_TRUE(late.complete(1));
  const Handoff<int> twice;
  EXPECT_TRUE(twice.complete(1));
  EXPECT_FALSE(twice.complete(2));
  EXPECT_EQ(block_on(threads.at(0), twice.wait()), 1);
}

TEST(HandoffValue, CompletedBeforeTheWaitIsGivenAtOnce) {
  IoThreads threads(1);
  const Handoff<std::string> value;
  value.complete("here");
  EXPECT_EQ(block_on(threads.at(0), value.wait()), "here");
  EXPECT_EQ(block_on(threads.at(0), value.wait()), std::nullopt);
}

TEST(HandoffValue, WakesWithoutALimitFromAnyThread) {
  IoThreads threads(2);
  const auto sum = [](std::vector<Handoff<int>> values) -> Task<int> {
    int total = 0;
    for (const auto& value : values) total += (co_await value.wait()).value_or(0);
    co_return total;
  };
  const std::vector<Handoff<int>> values(3000);
  std::thread other([&values] {
    for (const auto& value : values) value.complete(1);
  });
  EXPECT_EQ(block_on(threads.at(0), sum(values)), 3000);
  other.join();
}

TEST(HandoffValue, AWaitBeyondADeadlineIsCancelledAndWhatComesLaterDropped) {
  IoThreads threads(1);
  const Handoff<int> value;
  const auto waits = [](Handoff<int> one, std::optional<milliseconds> limit) -> Task<Result<int>> {
    const auto got = co_await one.wait(limit);
    co_return got.value_or(-1);
  };
  for (const std::optional<milliseconds> limit : {std::optional<milliseconds>(), std::optional(milliseconds(3600000))})
    EXPECT_FALSE(block_on(threads.at(0), with_deadline(milliseconds(20), "the wait", waits(value, limit))));
  EXPECT_TRUE(value.complete(1));
  const Handoff<int> quick;
  std::thread other([&quick] { quick.complete(7); });
  EXPECT_EQ(*block_on(threads.at(0), with_deadline(std::chrono::hours(1), "the wait", waits(quick, std::nullopt))), 7);
  other.join();
}

// Deadline and completion on two threads at nearly the same time: one of them counts.
TEST(HandoffValue, CancelledWhileItIsCompletedResumesOnce) {
  IoThreads threads(1);
  const auto waits = [](Handoff<int> one) -> Task<Result<int>> { co_return (co_await one.wait()).value_or(-1); };
  for (int i = 0; i < 200; ++i) {
    const Handoff<int> value;
    std::thread other([&value] {
      std::this_thread::sleep_for(milliseconds(1));
      value.complete(7);
    });
    const auto got = block_on(threads.at(0), with_deadline(milliseconds(1), "the wait", waits(value)));
    other.join();
    if (got) EXPECT_EQ(*got, 7);
  }
}

TEST(HandoffValue, WhoWaitsForItEndsWithTheLoop) {
  for (const std::optional<milliseconds> limit :
       {std::optional<milliseconds>(), std::optional(milliseconds(3600000))}) {
    const Handoff<int> value;
    const auto owned = std::make_shared<int>(1);
    {
      IoThreads threads(1);
      for (int i = 0; i < 10; ++i) {
        spawn(threads.at(0), "waiting",
              [own = Handoff<int>(), owned, limit]() -> Task<void> { co_await own.wait(limit); });
      }
      spawn(threads.at(0), "waiting", [value, owned, limit]() -> Task<void> { co_await value.wait(limit); });
      block_on(threads.at(0), sleep_for(milliseconds(20)));
      EXPECT_EQ(owned.use_count(), 12);
    }
    EXPECT_EQ(owned.use_count(), 1);
    EXPECT_TRUE(value.complete(1));
  }
}

TEST(HandoffValue, MayBeCompletedWhileItsLoopGoes) {
  for (int i = 0; i < 100; ++i) {
    const std::vector<Handoff<int>> values(50);
    std::thread other;
    {
      IoThreads threads(1);
      for (const auto& value : values)
        spawn(threads.at(0), "waiting", [value]() -> Task<void> { co_await value.wait(); });
      other = std::thread([&values] {
        for (const auto& value : values) value.complete(1);
      });
    }
    other.join();
  }
}

TEST(HandoffValue, MayBeCompletedAfterItsLoopIsGone) {
  const Handoff<int> value;
  {
    IoThreads threads(1);
    spawn(threads.at(0), "waiting", [value]() -> Task<void> { co_await value.wait(); });
    block_on(threads.at(0), sleep_for(milliseconds(20)));
  }
  EXPECT_TRUE(value.complete(1));
}

TEST(IoThreadsPlace, IsKnownInsideAndZeroOutside) {
  IoThreads threads(3);
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_EQ(threads.current_index(), 0U);
  const auto here = [](IoThreads& all) -> Task<std::size_t> { co_return all.current_index(); };
  EXPECT_EQ(block_on(threads.at(2), here(threads)), 2U);
}

TEST(IoThreadsPlace, WaitsForStopAsForASignal) {
  IoThreads threads(1);
  std::thread stopper([&threads] {
    std::this_thread::sleep_for(milliseconds(20));
    threads.stop();
  });
  threads.run_until_signal();
  stopper.join();
}

}  // namespace
}  // namespace causeway::net
