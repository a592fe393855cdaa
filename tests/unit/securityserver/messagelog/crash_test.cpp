// SPDX-License-Identifier: MIT
// A writer that is killed at any moment loses nothing it has acknowledged.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <future>
#include <map>
#include <random>
#include <thread>

#include "securityserver/messagelog/segment_reader.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;

struct Acknowledged {
  std::uint64_t id;
  std::uint64_t query;
};

std::string message_of(std::uint64_t query) {
  return std::string(query * 37 % 5000, static_cast<char>('a' + query % 26));
}

// Appends from several threads for ever, and tells each id that was acknowledged.
[[noreturn]] void write_for_ever(const std::string& directory, int acknowledgements, std::uint64_t first_query) {
  auto writer = open_writer(directory, 200000);
  if (!writer) ::_exit(1);
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (std::uint64_t query = first_query + thread;; query += 4) {
        LogRecord record = sample_record(std::to_string(query), message_of(query));
        if (query % 50 == 0) {
          record.attachments = {{spool_of(100000), 100000}};
        }
        auto id = append(*writer, std::move(record));
        if (!id) ::_exit(2);
        const Acknowledged told{*id, query};
        if (::write(acknowledgements, &told, sizeof told) != sizeof told) ::_exit(3);
      }
    });
  for (auto& thread : threads) thread.join();
  ::_exit(4);
}

// `first` is kept when something came.
std::map<std::uint64_t, std::uint64_t> everything_from(int pipe, std::promise<void>& first) {
  std::map<std::uint64_t, std::uint64_t> acknowledged;
  Acknowledged told{};
  while (::read(pipe, &told, sizeof told) == sizeof told) {
    if (acknowledged.empty()) first.set_value();
    acknowledged[told.id] = told.query;
  }
  return acknowledged;
}

TEST(Crash, LosesNothingAcknowledgedAndLeavesNothingHalfWritten) {
  const TemporaryDirectory directory;
  std::mt19937 random(7);
  std::map<std::uint64_t, std::uint64_t> acknowledged;
  for (int round = 0; round < 15; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      write_for_ever(directory.path(), pipe[1], static_cast<std::uint64_t>(round) * 1000000);
    }
    ::close(pipe[1]);
    // Every third one while it may still be opening the log, the others at work.
    std::promise<void> first;
    std::thread killer([&, round, working = first.get_future()] {
      if (round % 3 != 0) working.wait_for(std::chrono::minutes(1));
      std::this_thread::sleep_for(std::chrono::milliseconds{random() % 150});
      ::kill(child, SIGKILL);
    });
    acknowledged.merge(everything_from(pipe[0], first));
    killer.join();
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself, with " << WEXITSTATUS(status);
  }
  // Opening cuts off what was torn.
  ASSERT_NE(open_writer(directory.path()), nullptr);
  const auto check = *check_log(directory.path());
  EXPECT_TRUE(check.damages.empty()) << check.damages[0].segment << " " << check.damages[0].offset << " "
                                     << check.damages[0].what;
  EXPECT_GE(check.records, acknowledged.size());
  EXPECT_GT(acknowledged.size(), 50U);
  ASSERT_TRUE(rebuild_index({directory.path()}).ok());
  for (const auto& [id, query] : acknowledged) {
    auto record = read_record({directory.path()}, id);
    ASSERT_TRUE(record.ok()) << record.error().text;
    ASSERT_EQ(record->query_id, std::to_string(query));
    ASSERT_EQ(to_text(record->message), message_of(query));
    ASSERT_EQ(record->attachments.empty() ? 0 : record->attachments[0].content->size(), query % 50 == 0 ? 100000U : 0U);
  }
}

}  // namespace
}  // namespace causeway::securityserver
