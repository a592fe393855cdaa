// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/segment_removal.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "securityserver/messagelog/index_table.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;
using Numbers = std::vector<std::uint64_t>;

class SegmentRemoval : public ::testing::Test {
 protected:
  // Three records a segment, a minute apart; the last segment is being written.
  void write(int records) {
    for (int i = 0; i < records; ++i) {
      const bool begins = i > 0 && i % 3 == 0;
      auto writer = *SegmentWriter::open(directory_.path(), begins ? 1 : 64UL << 20);
      LogRecord record = sample_record("q" + std::to_string(i));
      record.time = noon_ + std::chrono::minutes(i);
      ASSERT_TRUE(writer.append(record, *encode_metadata(record)).ok());
      ASSERT_TRUE(writer.commit().ok());
      ASSERT_TRUE(writer.close().ok());
    }
    ASSERT_TRUE(rebuild_index({directory_.path()}).ok());
  }
  Numbers left() const { return *list_segments(directory_.path()); }
  std::vector<LogDamage> damages() const { return check_log(directory_.path())->damages; }
  RemovalReport remove(std::uint64_t archived, TimePoint before = TimePoint::max()) {
    auto report = remove_segments({directory_.path()}, archived, before);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().text);
    return report ? *report : RemovalReport();
  }

  const TimePoint noon_ = from_unix_millis(1772359200000);
  TemporaryDirectory directory_;
};

TEST_F(SegmentRemoval, KeepsWhatIsNotArchived) {
  write(10);
  const Numbers all = left();
  ASSERT_GT(all.size(), 3U);
  EXPECT_EQ(remove(0).segments, 0U);
  EXPECT_EQ(remove(2).segments, 0U) << "the third record of the first segment is not archived";
  EXPECT_EQ(left(), all);
  EXPECT_EQ(remove(3).segments, 1U);
  EXPECT_EQ(left(), Numbers(all.begin() + 1, all.end()));
}

TEST_F(SegmentRemoval, KeepsWhatIsNotOldEnough) {
  write(10);
  EXPECT_EQ(remove(10, noon_ + std::chrono::minutes(1)).segments, 0U);
  EXPECT_EQ(remove(10, noon_ + std::chrono::minutes(2)).segments, 1U);
}

TEST_F(SegmentRemoval, NeverRemovesTheSegmentThatIsBeingWritten) {
  write(10);
  const auto last = left().back();
  remove(1000);
  EXPECT_EQ(left(), Numbers{last});
  auto writer = open_writer(directory_.path());
  EXPECT_EQ(*append(*writer, sample_record("next")), 11U) << "ids go on";
}

TEST_F(SegmentRemoval, IndexRowsGoWithTheSegments) {
  write(10);
  const auto report = remove(3);
  EXPECT_EQ(report.first_kept, 4U);
  const auto found = *find_records({directory_.path()}, {});
  ASSERT_EQ(found.size(), 7U);
  EXPECT_EQ(found.front().id, 4U);
  EXPECT_EQ(find_records({directory_.path()}, {.query_id = "q0"})->size(), 0U);
  EXPECT_EQ(find_records({directory_.path()}, {.to = noon_ + std::chrono::minutes(3)})->size(), 1U);
  EXPECT_EQ(read_record({directory_.path()}, 2).error().code, "not_found");
  EXPECT_EQ(*rebuild_index({directory_.path()}), 7U);
}

TEST_F(SegmentRemoval, ACleanedLogIsIntact) {
  write(10);
  EXPECT_TRUE(damages().empty());
  remove(6);
  EXPECT_TRUE(damages().empty());
}

TEST_F(SegmentRemoval, ABeginningThatIsGoneOtherwiseIsDamage) {
  write(10);
  std::filesystem::remove(segment_path(directory_.path(), 1));
  ASSERT_EQ(damages().size(), 1U);
  EXPECT_EQ(damages()[0].segment, "messages-000000000001.log");
}

TEST_F(SegmentRemoval, MoreThanWhatCleaningRemovedIsDamage) {
  write(13);
  remove(3);
  std::filesystem::remove(segment_path(directory_.path(), left().front()));
  EXPECT_EQ(damages().size(), 1U);
}

// Before the file is removed but after it was written down, and with rows of the index
// that nobody dropped.
TEST_F(SegmentRemoval, FinishesWhatACrashLeft) {
  write(13);
  const Numbers all = left();
  const std::string kept = segment_path(directory_.path(), all[0]);
  std::filesystem::copy_file(kept, kept + ".kept");
  remove(3);
  std::filesystem::rename(kept + ".kept", kept);
  ASSERT_TRUE(rebuild_index({directory_.path()}).ok());
  EXPECT_TRUE(damages().empty()) << "the chain is followed through it";
  EXPECT_EQ(remove(3).segments, 1U);
  EXPECT_TRUE(damages().empty());
  EXPECT_EQ(find_records({directory_.path()}, {})->front().id, 4U);
}

TEST_F(SegmentRemoval, KilledAtAnyMomentLeavesAnIntactLog) {
  write(60);
  for (int round = 0; round < 12 && left().size() > 2; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      (void)remove_segments({directory_.path()}, 1000, TimePoint::max()).ok();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(500 * (round + 1)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto found = damages();
    ASSERT_TRUE(found.empty()) << found[0].segment << ": " << found[0].what;
    const auto first = SegmentReader::open(directory_.path(), left().front());
    const auto records = find_records({directory_.path()}, {.after = first->header().first_id - 1});
    ASSERT_TRUE(records.ok());
    for (const FoundRecord& record : *records) ASSERT_TRUE(read_record({directory_.path()}, record.id).ok());
  }
  remove(1000);
  EXPECT_EQ(left().size(), 1U);
  EXPECT_TRUE(damages().empty());
}

// A quiet server must not keep records for as long as it takes to fill a segment.
TEST_F(SegmentRemoval, ASegmentEndsWhenItIsOld) {
  auto writer = *SegmentWriter::open(directory_.path(), SegmentLimits(64UL << 20, std::chrono::seconds(0)));
  ASSERT_TRUE(writer.retire().ok());
  EXPECT_EQ(left().size(), 1U) << "an empty one stays";
  const LogRecord record = sample_record("q");
  ASSERT_TRUE(writer.append(record, *encode_metadata(record)).ok());
  ASSERT_TRUE(writer.commit().ok());
  ASSERT_TRUE(writer.retire().ok());
  EXPECT_EQ(left().size(), 2U);
  ASSERT_TRUE(writer.retire().ok());
  EXPECT_EQ(left().size(), 2U);
  EXPECT_EQ(remove(1).segments, 1U);
}

}  // namespace
}  // namespace causeway::securityserver
