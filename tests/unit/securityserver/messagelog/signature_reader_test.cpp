// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/signature_reader.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;

class SignatureReaderTest : public ::testing::Test {
 protected:
  std::unique_ptr<MessageLog> open(std::uint64_t segment_size = 64UL << 20) {
    return *MessageLog::open(threads_, {{directory_.path()}, segment_size});
  }
  void append(MessageLog& log, const std::string& signature) {
    LogRecord record = sample_record("q");
    record.signature.signature = signature;
    ASSERT_TRUE(net::block_on(threads_.at(0), log.append(std::move(record))));
  }
  SignatureReader reader(Position from = {}) { return *SignatureReader::open(directory_.path(), from); }
  static std::vector<std::string> all(SignatureReader reader) {
    std::vector<std::string> documents;
    for (auto next = reader.next(); next && *next; next = reader.next())
      documents.push_back(std::to_string((*next)->id) + ((*next)->document ? " " + *(*next)->document : ""));
    return documents;
  }
  using List = std::vector<std::string>;

  TemporaryDirectory directory_;
  net::IoThreads threads_{1};
};

TEST_F(SignatureReaderTest, GivesEverySignatureOverSegmentsAndGoesOnWhereItWas) {
  auto log = open(1);  // a segment a record
  for (const char* signature : {"<a/>", "<b/>", "<c/>"}) append(*log, signature);
  ASSERT_TRUE(log->flush_index());
  EXPECT_EQ(reader().last_id(), 3U);
  EXPECT_EQ(all(reader()), (List{"1 <a/>", "2 <b/>", "3 <c/>"}));
  auto first = reader();
  const Position behind = (*first.next())->end;
  EXPECT_EQ(all(reader(behind)), (List{"2 <b/>", "3 <c/>"}));

  auto last = reader();
  Position end;
  for (auto next = last.next(); *next; next = last.next()) end = (*next)->end;
  EXPECT_EQ(all(reader(end)), List());
  append(*log, "<d/>");
  ASSERT_TRUE(log->flush_index());
  EXPECT_EQ(all(reader(end)), List{"4 <d/>"});
}

TEST_F(SignatureReaderTest, RecordsSignedTogetherShareTheirDocument) {
  auto log = open();
  for (const char* signature : {"<batch/>", "<batch/>", "<other/>"}) append(*log, signature);
  ASSERT_TRUE(log->flush_index());
  auto signatures = reader();
  const auto one = *signatures.next(), two = *signatures.next(), three = *signatures.next();
  EXPECT_EQ(one->document, two->document);
  EXPECT_EQ(*three->document, "<other/>");
}

TEST_F(SignatureReaderTest, TellsADamagedSignatureAndGoesOn) {
  auto log = open();
  for (const char* signature : {"<first/>", "<second/>", "<third/>"}) append(*log, signature);
  ASSERT_TRUE(log->flush_index());
  log.reset();
  const std::string path = segment_path(directory_.path(), 1);
  const auto file = OpenFile::open(path, O_RDWR);
  ASSERT_TRUE(file);
  Bytes octets(*file->size());
  ASSERT_TRUE(file->read_at(0, octets));
  const auto at = as_text(octets).find("<second/>");
  ASSERT_TRUE(file->write_at(at, as_bytes("<xxxxxx/>")));
  EXPECT_EQ(all(reader()), (List{"1 <first/>", "2", "3 <third/>"}));
}

TEST_F(SignatureReaderTest, StartsBehindSegmentsThatAreGone) {
  auto log = open(1);
  for (const char* signature : {"<a/>", "<b/>"}) append(*log, signature);
  ASSERT_TRUE(log->flush_index());
  std::filesystem::remove(segment_path(directory_.path(), 1));
  EXPECT_EQ(all(reader({1, SegmentHeader::kSize})), List{"2 <b/>"});
}

// How far the log is, it learns from the process that writes it, and from no index.
TEST_F(SignatureReaderTest, NeedsALogThatIsWritten) {
  EXPECT_EQ(reader().last_id(), 0U);
  EXPECT_EQ(all(reader()), List());
  auto log = open();
  append(*log, "<a/>");
  EXPECT_EQ(all(reader()), List{"1 <a/>"});
  log.reset();
  for (const char* name : {"index.db", "index.db-wal", "index.db-shm"}) std::filesystem::remove(directory_ / name);
  EXPECT_EQ(all(reader()), List{"1 <a/>"});
  EXPECT_EQ(reader().last_id(), 1U);
  log = open();
  EXPECT_EQ(reader().last_id(), 1U) << "told anew when the log is opened";
  ASSERT_TRUE(write_file_atomically(directory_ / "end", std::string(32, '\0')));
  EXPECT_EQ(all(reader()), List()) << "as a power cut may leave it";
  append(*log, "<b/>");
  log.reset();
  log = open();
  EXPECT_EQ(all(reader()), (List{"1 <a/>", "2 <b/>"}));
}

}  // namespace
}  // namespace causeway::securityserver
