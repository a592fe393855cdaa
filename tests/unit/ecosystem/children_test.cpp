// SPDX-License-Identifier: MIT
#include "ecosystem/children.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "support/temporary_directory.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

bool is_running(pid_t pid) { return ::kill(pid, 0) == 0; }

template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

class ChildrenTest : public ::testing::Test {
 protected:
  testing::TemporaryDirectory directory_;
  Children children_{"/bin/sh"};
  pid_t start(const std::string& script) {
    const auto started = children_.start("test", {"-c", script}, directory_ / "log/child.log");
    EXPECT_TRUE(started);
    return started ? *started : -1;
  }
};

TEST_F(ChildrenTest, ReportHowAChildEnded) {
  start("exit 3");
  std::vector<Children::Ended> ended;
  ASSERT_TRUE(eventually([&] {
    ended = children_.reap();
    return !ended.empty();
  }));
  EXPECT_EQ(ended.front().how, "exit code 3");
  EXPECT_EQ(ended.front().child.name, "test");
  EXPECT_TRUE(children_.running().empty());
}

TEST_F(ChildrenTest, AreAllGoneAfterStopping) {
  const pid_t first = start("sleep 1000 & wait"), second = start("sleep 1000");
  ASSERT_TRUE(eventually([&] { return process_tree(first).size() == 2; }));
  const std::vector<pid_t> tree = process_tree(first);
  children_.stop_all();
  EXPECT_FALSE(is_running(first));
  EXPECT_FALSE(is_running(second));
  // The grandchild belongs to whoever adopts orphans now, if it is there at all.
  ::kill(tree[1], SIGKILL);
}

TEST_F(ChildrenTest, AreKilledWithTheirOwnWhenTheyDoNotListen) {
  const pid_t pid = start("trap '' TERM; sleep 1000 & while :; do sleep 0.05; done");
  ASSERT_TRUE(eventually([&] { return process_tree(pid).size() >= 2; }));
  const std::vector<pid_t> tree = process_tree(pid);
  children_.stop_all(200ms);
  EXPECT_FALSE(is_running(pid));
  EXPECT_TRUE(eventually([&] { return !is_running(tree[1]); }));
}

TEST_F(ChildrenTest, RunInAProcessGroupOfTheirOwn) {
  const pid_t pid = start("sleep 1000");
  EXPECT_EQ(::getpgid(pid), pid);
  // A process that is just becoming the shell has none for a moment.
  EXPECT_TRUE(eventually([&] { return proportional_memory({pid}) > 0; }));
}

}  // namespace
}  // namespace causeway::ecosystem
