// SPDX-License-Identifier: MIT
#include "base/round_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace causeway {
namespace {

using namespace std::chrono_literals;

TEST(RoundThread, BeginsAtOnceAndAgainAfterTheWait) {
  std::promise<void> third;
  int rounds = 0;  // of the thread
  const RoundThread thread([&] {
    if (++rounds == 3) third.set_value();
    return rounds < 3 ? 1ms : std::chrono::milliseconds::max();
  });
  EXPECT_EQ(third.get_future().wait_for(60s), std::future_status::ready);
}

TEST(RoundThread, IsWokenFromAWaitThatIsYetToBegin) {
  std::promise<void> begun, go_on, second;
  int rounds = 0;
  RoundThread thread([&]() -> std::chrono::milliseconds {
    if (++rounds == 1) {
      begun.set_value();
      go_on.get_future().wait();
    } else if (rounds == 2) {
      second.set_value();
    }
    return 1h;
  });
  begun.get_future().wait();
  thread.wake();
  go_on.set_value();
  EXPECT_EQ(second.get_future().wait_for(60s), std::future_status::ready);
}

TEST(RoundThread, EndsWithTheRoundThatRuns) {
  std::atomic<int> rounds = 0;
  std::promise<void> begun;
  RoundThread* self = nullptr;
  std::promise<void> known;
  {
    RoundThread thread([&]() -> std::chrono::milliseconds {
      known.get_future().wait();
      begun.set_value();
      // A long round sees that it is time to end.
      while (!self->is_stopping()) std::this_thread::yield();
      ++rounds;
      return 0ms;
    });
    self = &thread;
    known.set_value();
    begun.get_future().wait();
    EXPECT_FALSE(thread.is_stopping());
  }
  EXPECT_EQ(rounds, 1);
}

}  // namespace
}  // namespace causeway
