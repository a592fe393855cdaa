// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiver.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/files.hpp"
#include "evidence/archive_verifier.hpp"
#include "evidence/container_names.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/names.hpp"
#include "evidence/zip_reader.hpp"
#include "securityserver/archiving/log_cleaner.hpp"
#include "securityserver/messagelog/index_table.hpp"
#include "securityserver/timestamping/timestamp_store.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

namespace fs = std::filesystem;

bool always() { return true; }

class ArchiverTest : public ::testing::Test {
 protected:
  ArchiverTest() : settings_(*ArchivingSettings::from(Parameters({{"message-log.archive-path", archives()}}))) {
    // A disk of a test machine need not have room for two of the usual size.
    settings_.max_file_size = 1 << 20;
    fs::create_directories(log_);
  }

  std::string archives() const { return directory_ / "archives"; }

  // A record without a time-stamp; the segment before it ends when it is larger.
  void log_more(const std::string& query, std::uint64_t segment_size = 64UL << 20) {
    auto segments = *SegmentWriter::open(log_, segment_size);
    const LogRecord record = sample_record(query);
    ASSERT_TRUE(segments.append(record, *encode_metadata(record)).ok());
    ASSERT_TRUE(segments.commit().ok());
    ASSERT_TRUE(segments.close().ok());
    ASSERT_TRUE(rebuild_index({log_}).ok());
  }

  std::optional<Position> read_position(std::uint64_t id) const {
    return *IndexTable::open_to_read({log_})->locate(id);
  }

  // Records of several subsystems of two members and of a member itself, time-stamped in
  // batches as the time-stamper keeps them.
  void write(int records) {
    auto segments = *SegmentWriter::open(log_, 64UL << 20);
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < records; ++i) {
      LogRecord record = sample_record("query " + std::to_string(i));
      const std::string subsystem = i % 3 == 0 ? "" : "s" + std::to_string(i % 3);
      record.owner = record.client = *ClientId::make("DEV", "COM", std::to_string(i % 2), subsystem);
      record.time += std::chrono::seconds(i);
      record.attachments = {{spool_of(5000), 5000}};
      ids.push_back(*segments.append(record, *encode_metadata(record)));
    }
    ASSERT_TRUE(segments.commit().ok());
    ASSERT_TRUE(segments.close().ok());
    ASSERT_TRUE(rebuild_index({log_}).ok());
    stamp(ids);
  }

  // Together; what was not stamped before them never will be.
  void stamp(const std::vector<std::uint64_t>& ids) {
    Timestamp timestamp;
    timestamp.first = ids.front();
    timestamp.last = ids.back();
    std::vector<Bytes> digests;
    for (const std::uint64_t id : ids) {
      const auto record = *read_record({log_}, id);
      digests.push_back(pki::digest(pki::DigestAlgorithm::sha512, as_bytes(record.signature.signature)));
      timestamp.leaves.insert(timestamp.leaves.end(), digests.back().begin(), digests.back().end());
    }
    timestamp.token = to_bytes("a token");
    timestamp.hash_chain_result =
        evidence::HashTree(digests, evidence::kSignatureFile, evidence::kTsHashChainFile, pki::DigestAlgorithm::sha512)
            .result();
    auto store = *TimestampStore::open(log_, false);
    ASSERT_TRUE(store.add(timestamp, {timestamp.last, *read_position(timestamp.last)}).ok());
  }

  ArchivingReport archive() {
    auto report = Archiver(settings_, {log_}, std::make_shared<MessageCipher>()).run(always);
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().text);
    return report ? *report : ArchivingReport();
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(archives())) found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
  }

  // Checks that the archives of each chain follow each other, and gives how often each
  // container is in one of them.
  std::map<std::string, int> containers() const {
    std::map<std::string, int> count;
    std::map<std::string, evidence::LinkingInfo> by_previous;
    std::size_t firsts = 0;
    for (const fs::path& file : files()) {
      const std::string octets = *read_file(file);
      auto zip = evidence::ZipReader::open(as_bytes(octets));
      EXPECT_TRUE(zip.ok()) << file;
      const auto* entry = zip->find(evidence::kLinkingInfoFile);
      EXPECT_EQ(&zip->entries().back(), entry) << "the last entry";
      auto info = *evidence::read_linking_info(to_text(*zip->read_all(*entry, 1 << 20)));
      std::string link = info.previous_link;
      EXPECT_EQ(info.lines.size() + 1, zip->entries().size());
      for (std::size_t i = 0; i < std::min(info.lines.size(), zip->entries().size()); ++i) {
        const auto container = *zip->read_all(zip->entries()[i], 1 << 20);
        link = evidence::next_link(info.algorithm, link, pki::digest(info.algorithm, container));
        EXPECT_EQ(info.lines[i].link, link);
        EXPECT_EQ(info.lines[i].name, zip->entries()[i].name);
        EXPECT_TRUE(evidence::AsicContainer::read(container).ok());
        ++count[info.lines[i].name];
      }
      EXPECT_NE(file.string().find(link.substr(0, 16)), std::string::npos) << "its name has the last link";
      if (info.previous_link.empty()) {
        ++firsts;
        EXPECT_EQ(info.previous_file, "");
      } else {
        EXPECT_TRUE(fs::exists(fs::path(archives()) / info.previous_file)) << info.previous_file;
        EXPECT_TRUE(by_previous.emplace(info.previous_link, info).second) << "two go on from the same link";
      }
    }
    chains_ = firsts;
    return count;
  }

  void expect_each_once(int records) const {
    const auto found = containers();
    EXPECT_EQ(found.size(), static_cast<std::size_t>(records));
    for (int i = 0; i < records; ++i) {
      const auto name =
          evidence::container_name("query " + std::to_string(i), false, static_cast<std::uint64_t>(i) + 1);
      EXPECT_EQ(found.contains(name) ? found.at(name) : 0, 1) << name;
    }
  }

  testing::TemporaryDirectory directory_;
  std::string log_ = directory_ / "log";
  ArchivingSettings settings_;
  mutable std::size_t chains_ = 0;
};

TEST_F(ArchiverTest, ArchivesEachStampedRecordOnce) {
  write(20);
  const auto report = archive();
  EXPECT_EQ(report.archives, 1U);
  EXPECT_EQ(report.records, 20U);
  EXPECT_EQ(report.archived_until, 20U);
  expect_each_once(20);
  EXPECT_EQ(archive().archives, 0U) << "there is nothing more";
  write(5);
  const auto later = archive();
  EXPECT_EQ(later.records, 5U);
  EXPECT_EQ(later.archived_until, 25U);
  containers();
  EXPECT_EQ(chains_, 1U);
}

TEST_F(ArchiverTest, LeavesWhatIsNotStamped) {
  log_more({});
  EXPECT_EQ(archive().records, 0U) << "nothing was ever stamped";
  fs::remove_all(log_);
  write(4);
  log_more({});
  const auto report = archive();
  EXPECT_EQ(report.records, 4U);
  EXPECT_EQ(report.archived_until, 4U);
  expect_each_once(4);
}

TEST_F(ArchiverTest, LeavesWhatTheIndexDoesNotHaveYet) {
  write(6);
  const Position third = *read_position(3);
  ASSERT_TRUE(remove_index_database({log_}).ok());
  {
    auto index = *IndexTable::open_to_fill({log_});
    EXPECT_FALSE(Archiver(settings_, {log_}, std::make_shared<MessageCipher>()).run(always)->archived_until > 0);
    ASSERT_TRUE(index.advance(third, always).ok());
    EXPECT_EQ(archive().archived_until, 2U);
  }
  ASSERT_TRUE(rebuild_index({log_}).ok());
  EXPECT_EQ(archive().archived_until, 6U);
  expect_each_once(6);
}

TEST_F(ArchiverTest, PassesOverWhatDamageHasCost) {
  write(6);
  const std::string path = segment_path(log_, 1);
  const auto damage = [&](std::uint64_t offset) {
    std::fstream segment(path, std::ios::in | std::ios::out | std::ios::binary);
    segment.seekp(static_cast<std::streamoff>(offset));
    segment << "damage";
  };
  damage(read_position(2)->offset + 400);
  damage(read_file(path)->find("<signature of query 3/>"));
  const auto report = archive();
  EXPECT_EQ(report.records, 4U);
  EXPECT_EQ(report.damaged, 2U);
  EXPECT_EQ(report.archived_until, 6U);
  const auto found = containers();
  EXPECT_EQ(found.size(), 4U);
  EXPECT_FALSE(found.contains(evidence::container_name("query 1", false, 2)));
  EXPECT_FALSE(found.contains(evidence::container_name("query 3", false, 4)));
}

TEST_F(ArchiverTest, PassesOverWhatHasNoTimestampAmongOthers) {
  write(2);
  log_more("unreadable when it was to be stamped");
  write(2);
  const auto report = archive();
  EXPECT_EQ(report.records, 4U);
  EXPECT_EQ(report.damaged, 1U);
  EXPECT_EQ(report.archived_until, 5U);
}

TEST_F(ArchiverTest, NothingIsLostWithTheDiskOfAnArchiveThatHasNoNameYet) {
  write(4);
  settings_.batch = 2;
  fs::create_directories(archives());
  auto store = *ArchiveStore::open(log_);
  const std::string temporary = archives() + "/" + temporary_archive_name(*store.tag());
  const std::string last = archives() + "/mlog-last.zip";
  ASSERT_TRUE(store.add({"", "aa", "mlog-last.zip", 2}, {temporary, last}).ok());
  const auto refused = Archiver(settings_, {log_}, std::make_shared<MessageCipher>()).run(always);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find(last), std::string::npos) << refused.error().text;
  std::ofstream(temporary) << "an archive";
  EXPECT_EQ(archive().records, 2U);
  EXPECT_EQ(*read_file(last), "an archive");
}

TEST_F(ArchiverTest, RemovesItsOwnTemporaryFilesAndNoOthers) {
  write(2);
  fs::create_directories(archives());
  const std::string own = archives() + "/" + temporary_archive_name(*ArchiveStore::open(log_)->tag());
  const std::string other = archives() + "/" + temporary_archive_name("0123456789abcdef");
  std::ofstream{own};
  std::ofstream{other};
  archive();
  EXPECT_FALSE(fs::exists(own));
  EXPECT_TRUE(fs::exists(other));
}

TEST_F(ArchiverTest, BeginsANewArchiveWhenOneIsLargeOrLong) {
  write(20);
  settings_.max_file_size = 20000;
  EXPECT_GT(archive().archives, 3U);
  expect_each_once(20);
  settings_.max_file_size = 1 << 20;
  settings_.batch = 4;
  write(10);
  EXPECT_EQ(archive().archives, 3U);
  containers();
  EXPECT_EQ(chains_, 1U);
}

TEST_F(ArchiverTest, MembersAndSubsystemsHaveChainsOfTheirOwn) {
  write(18);
  settings_.grouping = ArchiveGrouping::member;
  EXPECT_EQ(archive().archives, 2U);
  expect_each_once(18);
  EXPECT_EQ(chains_, 2U);
  EXPECT_TRUE(files()[0].filename().string().starts_with("mlog-DEV_COM_0-")) << files()[0];
  settings_.grouping = ArchiveGrouping::subsystem;
  write(6);
  EXPECT_EQ(archive().archives, 6U);
  containers();
  EXPECT_EQ(chains_, 8U);
}

TEST_F(ArchiverTest, AChangeOfGroupingAfterHalfARunArchivesNothingTwice) {
  write(18);
  settings_.grouping = ArchiveGrouping::member;
  const auto one_is_made = [&] {
    return std::ranges::none_of(files(), [](const fs::path& file) { return file.extension() == ".zip"; });
  };
  const auto stopped = Archiver(settings_, {log_}, std::make_shared<MessageCipher>()).run(one_is_made);
  ASSERT_TRUE(stopped.ok());
  EXPECT_EQ(stopped->archives, 1U);
  EXPECT_EQ(stopped->archived_until, 0U);
  settings_.grouping = ArchiveGrouping::subsystem;
  archive();
  expect_each_once(18);
}

TEST_F(ArchiverTest, KilledAtAnyMomentArchivesEachRecordOnce) {
  write(60);
  settings_.batch = 3;
  for (int round = 0; round < 12; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      (void)Archiver(settings_, {log_}, std::make_shared<MessageCipher>()).run(always).ok();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(4000 * (round + 1)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  archive();
  for (const fs::path& file : files()) EXPECT_EQ(file.extension(), ".zip") << file;
  expect_each_once(60);
  EXPECT_EQ(chains_, 1U);
}

TEST_F(ArchiverTest, StopsByNameWhenThereIsTooLittleRoom) {
  write(3);
  settings_.max_file_size = 1UL << 60;
  const auto stopped = Archiver(settings_, {log_}, std::make_shared<MessageCipher>()).run(always);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, kArchiveDiskFull);
  EXPECT_TRUE(files().empty());
  settings_.max_file_size = 1 << 20;
  EXPECT_EQ(archive().records, 3U) << "nothing was lost";
}

TEST_F(ArchiverTest, RunsTheTransferCommandAfterEachArchive) {
  write(4);
  settings_.batch = 2;
  const std::string taken = directory_ / "taken";
  fs::create_directory(taken);
  settings_.transfer_command = "mv '" + archives() + "'/*.zip '" + taken + "'; echo badly >&2; exit 1";
  const auto report = archive();
  EXPECT_EQ(report.archives, 2U) << "its failure is told and nothing else";
  ASSERT_TRUE(report.transfer);
  EXPECT_NE(report.transfer->text.find("badly"), std::string::npos) << report.transfer->text;
  EXPECT_TRUE(files().empty());
  EXPECT_EQ(std::distance(fs::directory_iterator(taken), fs::directory_iterator()), 2);
}

TEST_F(ArchiverTest, RetentionTakesOnlyWhatIsArchivedAndOld) {
  write(6);
  log_more("not stamped yet");
  log_more("in the next", 1);
  const TimePoint logged = sample_record("").time;
  EXPECT_EQ(clean_log({log_}, std::chrono::days(0), now())->segments, 0U) << "nothing is archived";
  archive();
  EXPECT_EQ(clean_log({log_}, std::chrono::days(0), now())->segments, 0U) << "not all of the segment is";
  stamp({7});
  archive();
  EXPECT_EQ(clean_log({log_}, std::chrono::days(30), logged + std::chrono::days(30))->segments, 0U);
  EXPECT_EQ(clean_log({log_}, std::chrono::days(30), logged + std::chrono::days(31))->segments, 1U);
  EXPECT_TRUE(check_log(log_)->damages.empty());
  EXPECT_FALSE(*TimestampStore::open(log_, true)->find(1)) << "time-stamps go with their records";
}

}  // namespace
}  // namespace causeway::securityserver
