// SPDX-License-Identifier: MIT
// What the files hold after writing, failing and being damaged.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "base/files.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;

class Segments : public ::testing::Test {
 protected:
  SegmentWriter open(std::uint64_t segment_size = 64UL << 20) {
    auto writer = SegmentWriter::open(directory_.path(), segment_size);
    EXPECT_TRUE(writer.ok()) << (writer.ok() ? "" : writer.error().text);
    return *std::move(writer);
  }
  static std::uint64_t append(SegmentWriter& writer, const LogRecord& record) {
    auto id = writer.append(record, *encode_metadata(record));
    EXPECT_TRUE(id.ok()) << (id.ok() ? "" : id.error().text);
    return id ? *id : 0;
  }
  // One record, one group.
  static void write(SegmentWriter& writer, const std::string& query_id, const std::string& message = "<message/>") {
    append(writer, sample_record(query_id, message));
    ASSERT_TRUE(writer.commit().ok());
  }
  // The query ids of the records that can be read.
  std::vector<std::string> readable() {
    std::vector<std::string> ids;
    const auto segments = *list_segments(directory_.path());
    for (const auto number : segments) {
      auto segment = *SegmentReader::open(directory_.path(), number);
      std::uint64_t offset = 0;
      while (auto frame = *segment.next_frame(offset)) {
        offset = frame->end();
        if (frame->header.type != FrameType::record) continue;
        if (auto record = segment.record(*frame)) ids.push_back(record->query_id);
      }
    }
    return ids;
  }
  std::string first() { return segment_path(directory_.path(), 1); }
  void change(std::uint64_t offset, std::string_view octets) {
    auto file = *OpenFile::open(first(), O_RDWR);
    ASSERT_TRUE(file.write_at(offset, as_bytes(octets)).ok());
  }

  TemporaryDirectory directory_;
};

using Ids = std::vector<std::string>;

TEST_F(Segments, CloseToWhatWasWritten) {
  std::uint64_t end = 0;
  {
    auto writer = open();
    write(writer, "a");
    end = writer.durable_end().offset;
    EXPECT_GT(std::filesystem::file_size(first()), end) << "zeros are written ahead";
    ASSERT_TRUE(writer.close().ok());
  }
  EXPECT_EQ(std::filesystem::file_size(first()), end);
}

TEST_F(Segments, ContinueAfterReopening) {
  {
    auto writer = open();
    write(writer, "a");
  }
  auto writer = open();
  const auto id = append(writer, sample_record("b"));
  ASSERT_TRUE(writer.commit().ok());
  EXPECT_EQ(id, 2U);
  EXPECT_EQ(readable(), (Ids{"a", "b"}));
  EXPECT_TRUE(check_log(directory_.path())->damages.empty());
}

TEST_F(Segments, KeepTheTextsOfABatchOnce) {
  auto writer = open();
  LogRecord record = sample_record("x");
  record.signature.signature = std::string(10000, 's');
  append(writer, record);
  const auto after_one = writer.group_size();
  append(writer, record);
  EXPECT_LT(writer.group_size() - after_one, 1000U);
  ASSERT_TRUE(writer.commit().ok());
  append(writer, record);
  EXPECT_LT(writer.group_size(), 1000U) << "also over groups";
  ASSERT_TRUE(writer.commit().ok());
  EXPECT_EQ(readable(), (Ids{"x", "x", "x"}));
}

// As signatures of one signer are: a value in the middle differs.
LogRecord record_signed(int number) {
  LogRecord record = sample_record(std::to_string(number));
  record.signature.signature = std::string(3000, 'a') + std::to_string(1'000'000'000 + number) + std::string(3000, 'z');
  return record;
}

TEST_F(Segments, KeepWhatDiffersOfLikeTexts) {
  constexpr int kRecords = 200;
  {
    auto writer = open();
    for (int i = 0; i < kRecords; ++i) {
      append(writer, record_signed(i));
      if (i % 65 != 0) EXPECT_LT(writer.group_size(), 1500U) << i;
      ASSERT_TRUE(writer.commit().ok());
    }
  }
  auto writer = open();  // knows no text any more
  append(writer, record_signed(kRecords));
  EXPECT_GT(writer.group_size(), 6000U);
  ASSERT_TRUE(writer.commit().ok());
  auto segment = *SegmentReader::open(directory_.path(), 1);
  int records = 0;
  for (std::uint64_t offset = 0; auto frame = *segment.next_frame(offset); offset = frame->end()) {
    if (frame->header.type != FrameType::record) continue;
    const auto record = segment.record(*frame);
    ASSERT_TRUE(record.ok()) << record.error().text;
    EXPECT_EQ(record->signature.signature, record_signed(records++).signature.signature);
  }
  EXPECT_EQ(records, kRecords + 1);
  EXPECT_TRUE(check_log(directory_.path())->damages.empty());
}

TEST_F(Segments, LoseFewRecordsWithATextThatOthersAreLike) {
  constexpr int kRecords = 200;
  auto writer = open();
  for (int i = 0; i < kRecords; ++i) append(writer, record_signed(i));
  ASSERT_TRUE(writer.commit().ok());
  ASSERT_EQ(readable().size(), std::size_t{kRecords});
  change(SegmentHeader::kSize + FrameHeader::kSize + 100, "damage");
  EXPECT_EQ(readable().size(), std::size_t{kRecords - 65});
}

TEST_F(Segments, DoNotReferToTextsThatWereUndone) {
  auto writer = open();
  append(writer, record_signed(1));
  const auto whole = writer.group_size();
  LogRecord bad = record_signed(2);
  bad.attachments.push_back({std::make_shared<Spool>(), 10});  // shorter than it says
  EXPECT_FALSE(writer.append(bad, *encode_metadata(bad)).ok());
  EXPECT_EQ(writer.group_size(), whole);
  append(writer, record_signed(3));
  ASSERT_TRUE(writer.commit().ok());
  EXPECT_EQ(readable(), (Ids{"1", "3"}));
}

TEST_F(Segments, RotateBySizeAndRepeatTexts) {
  auto writer = open(2000);
  for (int i = 0; i < 10; ++i) write(writer, std::to_string(i), std::string(1000, 'm'));
  EXPECT_GT(list_segments(directory_.path())->size(), 3U);
  EXPECT_EQ(readable().size(), 10U) << "no text is referred to across segments";
  EXPECT_TRUE(check_log(directory_.path())->damages.empty()) << "the chain goes on over segments";
  EXPECT_EQ(check_log(directory_.path())->records, 10U);
}

TEST_F(Segments, ReadTheSameAheadAndPieceByPiece) {
  auto writer = open();
  // Frames of many sizes, one beyond what is read ahead, lie across the ends of what is read.
  for (int i = 0; i < 300; ++i) write(writer, "q" + std::to_string(i), std::string(i == 150 ? 200'000 : 37 * i, 'm'));
  auto plain = *SegmentReader::open(directory_.path(), 1);
  auto ahead = *SegmentReader::open(directory_.path(), 1);
  ahead.read_ahead();
  std::uint64_t offset = 0;
  int records = 0;
  for (;;) {
    const auto one = *plain.next_frame(offset);
    const auto other = *ahead.next_frame(offset);
    ASSERT_EQ(one.has_value(), other.has_value());
    if (!one) break;
    ASSERT_EQ(one->offset, other->offset);
    offset = one->end();
    if (one->header.type != FrameType::record) continue;
    ++records;
    ASSERT_EQ(ahead.metadata(*other)->found.query_id, plain.metadata(*one)->found.query_id);
    ASSERT_EQ(ahead.record(*other)->message, plain.record(*one)->message);
  }
  EXPECT_EQ(records, 300);
  // An earlier place, and none at all.
  EXPECT_EQ((*ahead.next_frame(0))->offset, (*plain.next_frame(0))->offset);
  const std::uint64_t beyond_all = ~std::uint64_t{0} - 8;
  EXPECT_EQ(ahead.frame_at(beyond_all).ok(), plain.frame_at(beyond_all).ok());
}

TEST_F(Segments, SeeWhatWasWrittenSinceAfterLookingAgain) {
  auto writer = open();
  write(writer, "a");
  auto segment = *SegmentReader::open(directory_.path(), 1);
  segment.read_ahead();
  const auto end = writer.durable_end().offset;
  EXPECT_FALSE(segment.next_frame(end)->has_value());
  write(writer, "b");
  ASSERT_TRUE(segment.refresh().ok());
  EXPECT_EQ((*segment.next_frame(end))->offset, end);
}

TEST_F(Segments, CutOffATornEnd) {
  std::uint64_t before = 0, end = 0;
  {
    auto writer = open();
    write(writer, "a");
    before = writer.durable_end().offset;
    write(writer, "b");
    end = writer.durable_end().offset;
  }
  const std::string whole = *read_file(first());
  for (std::uint64_t size = before; size < end; size += 41) {
    ASSERT_TRUE(write_file_atomically(first(), std::string_view(whole).substr(0, size)).ok());
    auto writer = open();
    EXPECT_EQ(writer.durable_end().offset, before) << "cut at " << size;
    write(writer, "c");
    ASSERT_EQ(readable(), (Ids{"a", "c"})) << "cut at " << size;
    ASSERT_TRUE(check_log(directory_.path())->damages.empty());
  }
}

TEST_F(Segments, CutOffAGroupOfWhichOnlyALaterPartReachedTheDisk) {
  std::uint64_t before = 0, second = 0;
  {
    auto writer = open();
    write(writer, "a");
    before = writer.durable_end().offset;
    append(writer, sample_record("b"));
    second = before + writer.group_size();
    append(writer, sample_record("c"));
    append(writer, sample_record("d"));
    ASSERT_TRUE(writer.commit().ok());
  }
  change(before, std::string(second - before, '\0'));
  auto writer = open();
  EXPECT_EQ(writer.durable_end().offset, before);
  EXPECT_EQ(readable(), (Ids{"a"}));
  EXPECT_EQ(append(writer, sample_record("e")), 2U);
}

TEST_F(Segments, KeepWhatFollowsDamageInTheMiddle) {
  std::uint64_t damaged = 0;
  {
    auto writer = open();
    write(writer, "a");
    damaged = writer.durable_end().offset;
    write(writer, "b");
    write(writer, "c");
    write(writer, "d");
  }
  change(damaged + 10, "XXXX");
  auto check = *check_log(directory_.path());
  ASSERT_EQ(check.damages.size(), 1U);
  EXPECT_EQ(check.damages[0].offset, damaged);
  {
    auto writer = open();
    EXPECT_EQ(append(writer, sample_record("e")), 5U);
    ASSERT_TRUE(writer.commit().ok());
  }
  EXPECT_EQ(readable(), (Ids{"a", "c", "d", "e"})) << "b is lost with its signature";
}

// What stood in the torn group had proved that the damage before it was no torn end.
TEST_F(Segments, KeepWhatFollowsDamageHoweverOftenTheyAreOpened) {
  std::uint64_t damaged = 0, torn = 0;
  {
    auto writer = open();
    write(writer, "a");
    damaged = writer.durable_end().offset;
    append(writer, sample_record("b"));
    append(writer, sample_record("c"));
    ASSERT_TRUE(writer.commit().ok());
    torn = writer.durable_end().offset;
    append(writer, sample_record("d"));
    append(writer, sample_record("e"));
    ASSERT_TRUE(writer.commit().ok());
  }
  change(damaged + 10, "XXXX");
  change(torn + 10, "XXXX");
  for (int i = 0; i < 3; ++i) {
    auto writer = open();
    EXPECT_EQ(readable(), (Ids{"a", "c"})) << "opened " << i + 1 << " times";
  }
  auto writer = open();
  write(writer, "f");
  EXPECT_EQ(readable(), (Ids{"a", "c", "f"}));
  const auto check = *check_log(directory_.path());
  ASSERT_EQ(check.damages.size(), 1U);
  EXPECT_EQ(check.damages[0].offset, damaged);
}

TEST_F(Segments, ShowAnyChangedOctet) {
  {
    auto writer = open();
    for (const char* id : {"a", "b", "c"}) write(writer, id);
    ASSERT_TRUE(writer.close().ok());
  }
  const std::string whole = *read_file(first());
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    ASSERT_TRUE(write_file_atomically(first(), changed).ok());
    EXPECT_FALSE(check_log(directory_.path())->damages.empty()) << "octet " << at;
  }
}

TEST_F(Segments, AMessageCannotPassForAFrame) {
  // A frame as this log writes it, but for the nonce that only the log knows.
  const auto forged = FrameHeader{.type = FrameType::record, .id = 99, .payload_length = 0}.encode();
  const auto trailer = FrameTrailer{}.encode();
  const std::string message = to_text(forged) + to_text(trailer);
  std::uint64_t damaged = 0;
  {
    auto writer = open();
    write(writer, "a");
    damaged = writer.durable_end().offset;
    write(writer, "b", message);
    write(writer, "c");
  }
  change(damaged, "XXXX");
  auto writer = open();
  EXPECT_EQ(append(writer, sample_record("d")), 4U);
}

TEST_F(Segments, BeginAgainWhatWasLeftWithoutAHeader) {
  {
    auto writer = open(1);
    write(writer, "a");
  }
  for (const std::size_t size : {0, 50}) {
    ASSERT_TRUE(write_file_atomically(segment_path(directory_.path(), 2), std::string(size, '\0')).ok());
    auto writer = open(1);
    write(writer, "b");
    EXPECT_EQ(readable(), (Ids{"a", "b"}));
    std::filesystem::remove(segment_path(directory_.path(), 2));
  }
}

TEST_F(Segments, RefuseToOpenALogWithABrokenHeader) {
  {
    auto writer = open();
    write(writer, "a");
  }
  change(3, "X");
  EXPECT_FALSE(SegmentWriter::open(directory_.path(), 1000).ok());
}

// RLIMIT_FSIZE makes write(2) fail at a given size, as a full disk does.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t size) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(Segments, AFullDiskFailsTheGroupAndLeavesNothingOfIt) {
  auto writer = open();
  write(writer, "a");
  const Position end = writer.durable_end();
  {
    const FileSizeLimit limit(end.offset + 5000);
    append(writer, sample_record("b"));
    append(writer, sample_record("c", std::string(20000, 'x')));
    auto failed = writer.commit();
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, "io_error");
    EXPECT_EQ(writer.durable_end(), end);
    EXPECT_EQ(readable(), (Ids{"a"}));
    write(writer, "d");
  }
  write(writer, "e", std::string(20000, 'x'));
  EXPECT_EQ(readable(), (Ids{"a", "d", "e"}));
  EXPECT_TRUE(check_log(directory_.path())->damages.empty());
  auto reopened = open();
  EXPECT_EQ(append(reopened, sample_record("f")), 4U) << "ids of what failed are given again";
}

TEST_F(Segments, AFullDiskInTheMiddleOfALargeRecordKeepsTheOthersOfItsGroup) {
  auto writer = open();
  write(writer, "a");
  append(writer, sample_record("b"));
  {
    const FileSizeLimit limit(writer.durable_end().offset + 5000);
    const LogRecord large = sample_record("c", std::string(3 << 20, 'x'));
    EXPECT_FALSE(writer.append(large, *encode_metadata(large)).ok());
    append(writer, sample_record("d"));
    ASSERT_TRUE(writer.commit().ok());
  }
  EXPECT_EQ(readable(), (Ids{"a", "b", "d"}));
  EXPECT_TRUE(check_log(directory_.path())->damages.empty());
}

TEST_F(Segments, ABodyThatFailsMidwayDoesNotHarmTheOthersOfItsGroup) {
  auto writer = open();
  append(writer, sample_record("a"));
  LogRecord shorter = sample_record("b");
  shorter.attachments = {{spool_of(3 << 20), (3 << 20) + 1}};
  EXPECT_FALSE(writer.append(shorter, *encode_metadata(shorter)).ok());
  append(writer, sample_record("c"));
  ASSERT_TRUE(writer.commit().ok());
  EXPECT_EQ(readable(), (Ids{"a", "c"}));
  EXPECT_TRUE(check_log(directory_.path())->damages.empty());
}

}  // namespace
}  // namespace causeway::securityserver
