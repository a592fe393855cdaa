// SPDX-License-Identifier: MIT
#include "securityserver/consumer/logged_evidence.hpp"

#include "evidence/asic_container.hpp"
#include "securityserver/timestamping/timestamper.hpp"
#include "support/judge.hpp"
#include "unit/securityserver/timestamping/timestamping_fixture.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxFile = 64UL << 20;

class LoggedEvidenceTest : public TimestampingFixture {
 protected:
  LoggedEvidenceTest() { open_log(); }

  LoggedEvidence logged(const std::map<std::string, std::string>& parameters = {}) {
    std::map<std::string, std::string> prefixed;
    for (const auto& [name, value] : parameters) prefixed["message-log." + name] = value;
    return {*log_, log_directory(), directory_.path(), ArchivingSettings::from(Parameters(std::move(prefixed)))};
  }
  static EvidenceRequest request(bool unique = false) {
    return {.owner = sample_record("").owner, .query_id = "q", .response = false, .unique = unique};
  }
  void stamp() {
    const auto client = make_client({});
    Timestamper timestamper(log_directory(), *client);
    ASSERT_TRUE(net::block_on(threads_.at(0), timestamper.run(10'000, view_.current(), {service_.url()})));
  }
  static Result<Bytes> given_out(const LoggedEvidence& logged, const EvidenceRequest& request) {
    const auto found = logged.find(request);
    if (!found) return found.error();
    const auto file = logged.write(request, *found);
    if (!file) return file.error();
    return file->content.read_all(kMaxFile);
  }
  std::size_t temporary_files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      count += entry.path().filename().string().starts_with("tmp-asic-") ? 1 : 0;
    return count;
  }
};

TEST_F(LoggedEvidenceTest, FindsAtOnceWhatWasJustLogged) {
  for (int i = 1; i <= 50; ++i) {
    ASSERT_TRUE(net::block_on(threads_.at(0), log_->append(record_signed(signature(1)))));
    EXPECT_EQ(logged().find(request())->size(), static_cast<std::size_t>(i));
  }
  EXPECT_EQ(logged().find(request(true))->size(), 1U);
}

TEST_F(LoggedEvidenceTest, TellsWhichRecordsHaveNoTimestamp) {
  log_records(2);
  EXPECT_EQ(*logged().unstamped(*logged().find(request())), (std::vector<std::uint64_t>{1, 2}));
  stamp();
  log_records(1);
  EXPECT_EQ(*logged().unstamped(*logged().find(request())), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(*logged().signature_of(3), signature(3));
  EXPECT_EQ(given_out(logged(), request()).error().code, "timestamping_failed");
}

TEST_F(LoggedEvidenceTest, GivesNoMoreThanAThousandContainersAtOnce) {
  log_records(LoggedEvidence::kMaxContainers);
  stamp();
  const auto all = given_out(logged(), request());
  ASSERT_TRUE(all) << all.error().text;
  EXPECT_EQ(evidence::ZipReader::open(*all)->entries().size(), LoggedEvidence::kMaxContainers);
  log_records(1);
  EXPECT_EQ(logged().find(request()).error().code, "bad_request");
  EXPECT_TRUE(given_out(logged(), request(true)));
}

TEST_F(LoggedEvidenceTest, OpensAnEncryptedLog) {
  log_.reset();
  const Parameters parameters(
      {{"message-log.messagelog-keystore", testing::source_directory() / "tests/data/pki/jdk-secret-keys.p12"},
       {"message-log.messagelog-keystore-password", "somepassword"},
       {"message-log.messagelog-encryption-enabled", "true"},
       {"message-log.messagelog-key-id", "key1"}});
  log_ = *MessageLog::open(threads_, {.place = {log_directory()}, .cipher = *MessageCipher::from(parameters)});
  LogRecord record = record_signed(signature(1));
  record.message = to_bytes("<secret/>");
  record.attachments = {{spool_of(1'000'000), 1'000'000}};
  ASSERT_TRUE(net::block_on(threads_.at(0), log_->append(std::move(record))));
  ASSERT_TRUE(log_->flush_index());
  stamp();
  const auto file = given_out(logged(), request(true));
  ASSERT_TRUE(file) << file.error().text;
  const auto container = evidence::AsicContainer::read(*file);
  ASSERT_TRUE(container) << container.error().text;
  EXPECT_EQ(container->message, "<secret/>");
  Bytes attachment;
  ASSERT_TRUE(container->read_attachment(container->attachments.at(0), evidence::append_to(attachment)));
  EXPECT_TRUE(attachment == *spool_of(1'000'000)->read_all(kMaxFile));
}

TEST_F(LoggedEvidenceTest, EncryptsWhereArchivesAreEncrypted) {
  log_records(2);
  stamp();
  const testing::Judge judge;
  const std::string gpg = "gpg --homedir " + judge.path("home").string() + " --batch --yes ";
  ASSERT_TRUE(judge.run("mkdir -m 700 home"));
  for (const char* name : {"server@example.org", "auditor@example.org"})
    ASSERT_TRUE(judge.run(gpg + "--passphrase '' --quick-generate-key " + name + " future-default default never"));
  const LoggedEvidence encrypting = logged({{"archive-encryption-enabled", "true"},
                                            {"archive-gpg-home-directory", judge.path("home")},
                                            {"archive-default-encryption-key", "server@example.org"}});
  for (const bool unique : {false, true}) {
    const auto found = *encrypting.find(request(unique));
    const auto file = encrypting.write(request(unique), found);
    ASSERT_TRUE(file) << file.error().text;
    EXPECT_EQ(file->content_type, "application/octet-stream");
    EXPECT_TRUE(file->name.ends_with(unique ? ".asice.gpg" : ".zip.gpg")) << file->name;
    ASSERT_TRUE(judge.put("file.gpg", as_text(*file->content.read_all(kMaxFile))));
    ASSERT_TRUE(judge.run(gpg + "--output plain --decrypt file.gpg"));
    EXPECT_NE(judge.said().find("Good signature"), std::string::npos) << judge.said();
    EXPECT_EQ(judge.get("plain"), to_text(*given_out(logged(), request(unique))));
  }
  EXPECT_EQ(temporary_files(), 0U);
  const LoggedEvidence unable = logged({{"archive-encryption-enabled", "true"},
                                        {"archive-gpg-home-directory", judge.path("home")},
                                        {"archive-default-encryption-key", "nobody@example.org"}});
  EXPECT_EQ(given_out(unable, request()).error().code, "io_error");
  EXPECT_EQ(temporary_files(), 0U);
  EXPECT_TRUE(judge.run("gpgconf --homedir home --kill all"));
}

TEST_F(LoggedEvidenceTest, GivesNothingInTheClearForWantOfKeys) {
  log_records(1);
  stamp();
  const LoggedEvidence unable =
      logged({{"archive-encryption-enabled", "true"}, {"archive-encryption-keys-config", directory_ / "nowhere"}});
  EXPECT_EQ(given_out(unable, request()).error().code, "malformed_server_conf");
}

TEST_F(LoggedEvidenceTest, GivesUpWhenTheServerStops) {
  log_records(1);
  stamp();
  LoggedEvidence stopping = logged();
  EXPECT_TRUE(given_out(stopping, request()));
  stopping.stop();
  EXPECT_EQ(given_out(stopping, request()).error().code, "io_error");
}

TEST_F(LoggedEvidenceTest, RemovesWhatAKilledProcessLeft) {
  ASSERT_TRUE(write_file_atomically(directory_ / "tmp-asic-1", "x"));
  ASSERT_TRUE(write_file_atomically(directory_ / "other", "x"));
  (void)logged();
  EXPECT_EQ(temporary_files(), 0U);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "other"));
}

}  // namespace
}  // namespace causeway::securityserver
