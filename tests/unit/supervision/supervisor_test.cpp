// SPDX-License-Identifier: MIT
#include "supervision/supervisor.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <thread>

#include "base/files.hpp"

namespace causeway::supervision {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// A supervisor in a process of its own, whose services are shell scripts.
class SupervisorTest : public ::testing::Test {
 protected:
  SupervisorTest() {
    std::string name = (fs::temp_directory_path() / "causeway-supervisor-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    options_.run_directory = directory_ / "run";
    options_.program = "/bin/sh";
    options_.first_pause = std::chrono::milliseconds(1);
    options_.longest_pause = std::chrono::milliseconds(50);
  }
  ~SupervisorTest() override {
    if (pid_ > 0) stop(SIGKILL);
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  static SupervisedProcess service(const std::string& name, const std::string& script,
                                   std::function<bool()> ready = {}) {
    return {.name = name, .arguments = {"-c", script}, .ready = std::move(ready)};
  }

  void run(const std::vector<SupervisedProcess>& services) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    const auto ended = supervise(services, options_);
    ::_exit(!ended ? 1 : *ended == SupervisionEnd::signal ? 0 : 2);
  }
  int stop(int signal) {
    ::kill(pid_, signal);
    return join();
  }
  int join() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  json::object pids() const {
    const auto text = read_file(options_.run_directory / "pids.json");
    return text ? json::parse(*text).as_object() : json::object{};
  }
  static bool alive(std::int64_t pid) { return ::kill(static_cast<pid_t>(pid), 0) == 0; }
  template <class Condition>
  static void wait_until(Condition condition) {
    while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::int64_t pid_of(const std::string& name) const {
    std::int64_t pid = 0;
    wait_until([&] {
      const json::object now = pids();
      const json::value* value = now.if_contains(name);
      if (value != nullptr && value->is_int64()) pid = value->get_int64();
      return pid > 0;
    });
    return pid;
  }
  bool is_ready() const {
    const json::object now = pids();
    return now.contains("ready") && now.at("ready").as_bool();
  }

  fs::path directory_;
  SupervisorOptions options_;
  pid_t pid_ = -1;
};

TEST_F(SupervisorTest, StartsAgainWhatWasKilledAndLeavesTheOthersAlone) {
  run({service("one", "exec sleep 1000"), service("two", "exec sleep 1000")});
  const std::int64_t one = pid_of("one"), two = pid_of("two");
  ::kill(static_cast<pid_t>(one), SIGKILL);
  wait_until([&] { return pid_of("one") != one; });
  EXPECT_EQ(pid_of("two"), two);
  const std::int64_t again = pid_of("one");
  EXPECT_EQ(stop(SIGTERM), 0);
  EXPECT_FALSE(alive(again));
  EXPECT_FALSE(alive(two));
}

TEST_F(SupervisorTest, KeepsTryingAServiceThatFails) {
  const std::string file = (directory_ / "tries").string();
  run({service("one", "echo x >> " + file + "; exit 1")});
  wait_until([&] { return fs::exists(file) && fs::file_size(file) >= 6; });
  EXPECT_EQ(stop(SIGTERM), 0);
}

TEST_F(SupervisorTest, EndsItselfWhenItsOwnerWantsIt) {
  const fs::path sign = directory_ / "sign";
  options_.ends_itself = [sign] { return fs::exists(sign); };
  run({service("one", "exec sleep 1000")});
  const auto one = pid_of("one");
  ASSERT_TRUE(write_file_atomically(sign, "").ok());
  EXPECT_EQ(join(), 2);
  EXPECT_FALSE(alive(one));
}

TEST_F(SupervisorTest, IsReadyWhenAllAre) {
  const fs::path sign = directory_ / "sign";
  run({service("one", "exec sleep 1000", [sign] { return fs::exists(sign); }), service("two", "exec sleep 1000")});
  pid_of("one");
  EXPECT_FALSE(is_ready());
  ASSERT_TRUE(write_file_atomically(sign, "").ok());
  wait_until([&] { return is_ready(); });
  EXPECT_EQ(stop(SIGINT), 0);
}

TEST_F(SupervisorTest, StopsTheLastFirstAndKillsWhoDoesNotHeed) {
  options_.stop_grace = std::chrono::milliseconds(500);
  const std::string file = (directory_ / "order").string();
  const auto said = [&](const std::string& word) {
    return service(word,
                   "trap 'echo " + word + " >> " + file + "; exit 0' TERM; touch " + file + "." + word +
                       "; while :; do sleep 0.01; done",
                   [path = file + "." + word] { return fs::exists(path); });
  };
  SupervisedProcess deaf = service("deaf", "trap '' TERM; touch " + file + ".deaf; while :; do sleep 0.01; done",
                                   [path = file + ".deaf"] { return fs::exists(path); });
  run({deaf, said("first"), said("second")});
  wait_until([&] { return is_ready(); });
  const std::int64_t stubborn = pid_of("deaf");
  EXPECT_EQ(stop(SIGTERM), 0);
  EXPECT_EQ(*read_file(file), "second\nfirst\n");
  EXPECT_FALSE(alive(stubborn));
}

TEST_F(SupervisorTest, PassesHangupOn) {
  const std::string file = (directory_ / "hup").string();
  // A shell heeds no signal that was ignored when it began.
  run({service("one",
               "exec perl -e '$SIG{HUP} = sub { open(F, q(>), q(" + file + ")) }; open(F, q(>), q(" + file +
                   ".up)); sleep 1 while 1'",
               [path = file + ".up"] { return fs::exists(path); })});
  wait_until([&] { return is_ready(); });
  ::kill(pid_, SIGHUP);
  wait_until([&] { return fs::exists(file); });
  EXPECT_EQ(stop(SIGTERM), 0);
}

TEST_F(SupervisorTest, AHangupDoesNotEndAServiceThatDoesNotHeedItYet) {
  const fs::path sign = directory_ / "sign";
  run({service("one", "exec sleep 1000", [sign] { return fs::exists(sign); })});
  const std::int64_t one = pid_of("one");
  for (int i = 0; i < 50; ++i) {
    ::kill(pid_, SIGHUP);
    for (const int signal : {SIGHUP, SIGUSR1}) ::kill(static_cast<pid_t>(one), signal);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ASSERT_TRUE(write_file_atomically(sign, "").ok());
  wait_until([&] { return is_ready(); });
  EXPECT_EQ(pid_of("one"), one);
  EXPECT_EQ(stop(SIGTERM), 0);
}

TEST_F(SupervisorTest, ItsDeathIsTheEndOfItsServices) {
  run({service("one", "exec sleep 1000")});
  const std::int64_t one = pid_of("one");
  stop(SIGKILL);
  // Until init has taken it away it is a zombie, which counts as dead.
  wait_until([&] {
    const auto stat = read_file("/proc/" + std::to_string(one) + "/stat");
    return !stat || stat->find(") Z ") != std::string::npos;
  });
}

TEST_F(SupervisorTest, TwoDoNotRunInOneDirectory) {
  run({service("one", "exec sleep 1000")});
  pid_of("one");
  EXPECT_EQ(fs::status(options_.run_directory).permissions(), fs::perms(0700));
  const auto second = supervise({}, options_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "io_error");
  EXPECT_EQ(stop(SIGTERM), 0);
}

}  // namespace
}  // namespace causeway::supervision
