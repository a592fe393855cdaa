// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiving_rounds.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "base/files.hpp"
#include "securityserver/timestamping/timestamp_store.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A server's directory with a log that has one time-stamped record.
class ArchivingRoundsTest : public ::testing::Test {
 protected:
  ArchivingRoundsTest() : before_(fs::current_path()) {
    fs::current_path(directory_.path());
    fs::create_directories("run");
    fs::create_directories("messagelog");
    auto segments = *SegmentWriter::open("messagelog", 64UL << 20);
    const LogRecord record = sample_record("query");
    EXPECT_TRUE(segments.append(record, *encode_metadata(record)).ok());
    EXPECT_TRUE(segments.commit().ok());
    EXPECT_TRUE(segments.close().ok());
    EXPECT_TRUE(rebuild_index({"messagelog"}).ok());
    auto store = *TimestampStore::open("messagelog", false);
    Timestamp timestamp;
    timestamp.first = timestamp.last = 1;
    timestamp.token = to_bytes("a token");
    timestamp.hash_chain_result = "<result/>";
    timestamp.leaves = pki::digest(timestamp.algorithm, as_bytes(record.signature.signature));
    EXPECT_TRUE(store.add(timestamp, {1, {}}).ok());
  }
  ~ArchivingRoundsTest() override { fs::current_path(before_); }

  static Parameters every_second(std::map<std::string, std::string> more) {
    more.insert({{"message-log.archive-interval", "* * * * * ?"},
                 {"message-log.clean-interval", "* * * * * ?"},
                 {"message-log.archive-max-filesize", "1000000"}});
    return Parameters(std::move(more));
  }
  static ArchivingStatus status() {
    const auto text = read_file(kArchivingStatusFile);
    const auto read = text ? read_archiving_status(*text) : Result<ArchivingStatus>(text.error());
    return read ? *read : ArchivingStatus();
  }
  // Whether the status gets so.
  static bool becomes(const std::function<bool(const ArchivingStatus&)>& so) {
    for (const auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
      if (so(status())) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }

 private:
  const testing::TemporaryDirectory directory_;
  const fs::path before_;
};

TEST_F(ArchivingRoundsTest, ArchivesAndCleansWhenDueAndTellsHowItFares) {
  const auto rounds = ArchivingRounds::start(every_second({}));
  ASSERT_TRUE(rounds.ok()) << rounds.error().text;
  EXPECT_TRUE(becomes([](const ArchivingStatus& told) { return told.archiving.last_success && told.archives == 1; }));
  EXPECT_TRUE(becomes([](const ArchivingStatus& told) { return told.cleaning.last_success.has_value(); }));
  const auto told = status();
  EXPECT_EQ(told.archived_until, 1U);
  EXPECT_FALSE(told.archiving.fault || told.cleaning.fault || told.transfer);
  EXPECT_TRUE(told.archiving.next_run && told.cleaning.next_run);
  EXPECT_EQ(std::distance(fs::directory_iterator("archive"), fs::directory_iterator()), 1);
}

TEST_F(ArchivingRoundsTest, TellsWhyItFailsAndTriesAgain) {
  {
    std::ofstream in_the_way("archive");
  }
  const auto rounds = ArchivingRounds::start(every_second({}));
  EXPECT_TRUE(becomes([](const ArchivingStatus& told) { return told.archiving.fault.has_value(); }));
  EXPECT_EQ(status().archived_until, 0U);
  EXPECT_EQ(status().archiving.fault->code, "io_error");
  fs::remove("archive");
  EXPECT_TRUE(becomes([](const ArchivingStatus& told) { return !told.archiving.fault && told.archived_until == 1; }));
}

TEST_F(ArchivingRoundsTest, EndsWhileACommandRuns) {
  const auto begin = std::chrono::steady_clock::now();
  {
    const auto rounds =
        ArchivingRounds::start(every_second({{"message-log.archive-transfer-command", "touch running; sleep 1000"}}));
    EXPECT_TRUE(becomes([](const ArchivingStatus&) { return fs::exists("running"); }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 500s) << "did not wait for it";
  EXPECT_EQ(std::distance(fs::directory_iterator("archive"), fs::directory_iterator()), 1);
}

TEST_F(ArchivingRoundsTest, DoNotBeginWithParametersThatAreWrong) {
  const auto refused = ArchivingRounds::start(Parameters({{"message-log.archive-interval", "soon"}}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "malformed_server_conf");
}

}  // namespace
}  // namespace causeway::securityserver
