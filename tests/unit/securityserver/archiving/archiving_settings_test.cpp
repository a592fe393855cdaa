// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiving_settings.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

Result<ArchivingSettings> settings(const std::map<std::string, std::string>& values) {
  std::map<std::string, std::string> prefixed;
  for (const auto& [name, value] : values) prefixed["message-log." + name] = value;
  return ArchivingSettings::from(Parameters(std::move(prefixed)));
}

TEST(ArchivingSettingsTest, HasTheDefaultsOfXRoad) {
  const auto usual = settings({});
  ASSERT_TRUE(usual.ok()) << usual.error().text;
  EXPECT_EQ(usual->keep_records, std::chrono::days(30));
  EXPECT_EQ(usual->path, "archive") << "of this server, not of the machine";
  EXPECT_EQ(usual->max_file_size, 33554432U);
  EXPECT_EQ(usual->batch, 10000U);
  EXPECT_EQ(usual->grouping, ArchiveGrouping::none);
  EXPECT_EQ(usual->algorithm, pki::DigestAlgorithm::sha512);
  EXPECT_FALSE(usual->keys);
}

TEST(ArchivingSettingsTest, ReadsWhatIsSet) {
  const auto set = settings({{"archive-grouping", "Member"},
                             {"archive-max-filesize", "1000"},
                             {"keep-records-for", "3"},
                             {"hash-algo-id", "SHA-256"},
                             {"archive-encryption-enabled", "true"},
                             {"archive-default-encryption-key", "ABCD"}});
  ASSERT_TRUE(set.ok()) << set.error().text;
  EXPECT_EQ(set->grouping, ArchiveGrouping::member);
  EXPECT_EQ(set->max_file_size, 1000U);
  EXPECT_EQ(set->keep_records, std::chrono::days(3));
  EXPECT_EQ(set->algorithm, pki::DigestAlgorithm::sha256);
  ASSERT_TRUE(set->keys);
  EXPECT_EQ(set->keys->home, "gpghome");
  EXPECT_EQ(set->keys->of(std::nullopt), std::vector<std::string>{"ABCD"});
}

TEST(ArchivingSettingsTest, LinksWithADigestThatVerifiersTake) {
  for (const char* weak : {"SHA-1", "SHA-224", "MD4", ""})
    EXPECT_EQ(settings({{"hash-algo-id", weak}})->algorithm, pki::DigestAlgorithm::sha512) << weak;
  EXPECT_EQ(settings({{"hash-algo-id", "SHA-384"}})->algorithm, pki::DigestAlgorithm::sha384);
}

TEST(ArchivingSettingsTest, KeepsToWhatAnArchiveCanHold) {
  const auto large = settings({{"archive-max-filesize", "99999999999"}, {"archive-transaction-batch", "1000000"}});
  EXPECT_EQ(large->max_file_size, 2UL << 30);
  EXPECT_EQ(large->batch, 60000U);
  const auto small =
      settings({{"archive-max-filesize", "0"}, {"archive-transaction-batch", "-1"}, {"keep-records-for", "-1"}});
  EXPECT_EQ(small->max_file_size, 1U);
  EXPECT_EQ(small->batch, 1U);
  EXPECT_EQ(small->keep_records, std::chrono::days(0));
}

TEST(ArchivingSettingsTest, NamesTheParameterThatIsWrong) {
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"archive-interval", "soon"}, {"clean-interval", "0 0 25 ? * *"}, {"archive-grouping", "country"}}) {
    const auto wrong = settings({{name, value}});
    ASSERT_FALSE(wrong.ok()) << name;
    EXPECT_EQ(wrong.error().code, "malformed_server_conf");
    EXPECT_NE(wrong.error().text.find("message-log." + name), std::string::npos) << wrong.error().text;
  }
}

TEST(ArchiveKeysTest, MapsMembersToTheirKeys) {
  const auto parsed = parse_archive_keys(
      "# who may read what\n"
      "EE/GOV/1 = AAAA # one\n"
      "EE/GOV/1=BBBB\r\n"
      "\n"
      "EE/COM/a\\=b\\#c = CC\\=DD\n");
  ASSERT_TRUE(parsed.ok()) << parsed.error().text;
  ArchiveKeys keys;
  keys.by_member = *parsed;
  using List = std::vector<std::string>;
  EXPECT_EQ(keys.of(*ClientId::make("EE", "GOV", "1", "app")), (List{"AAAA", "BBBB"})) << "of its member";
  EXPECT_EQ(keys.of(*ClientId::make("EE", "COM", "a=b#c")), (List{"CC=DD"}));
  EXPECT_EQ(keys.of(*ClientId::make("EE", "COM", "other")), List{});
  keys.usual = "EEEE";
  EXPECT_EQ(keys.of(*ClientId::make("EE", "COM", "other")), List{"EEEE"});
  EXPECT_EQ(keys.of(std::nullopt), List{"EEEE"});
}

TEST(ArchiveKeysTest, NamesTheLineThatIsWrong) {
  for (const char* wrong : {"\nEE/GOV = A", "\nEE/GOV/1", "\nEE/GOV/1 =", "\nEE/GOV/1/app = A", "\n= A"}) {
    const auto parsed = parse_archive_keys(wrong);
    ASSERT_FALSE(parsed.ok()) << wrong;
    EXPECT_NE(parsed.error().text.find("line 2"), std::string::npos) << parsed.error().text;
  }
}

}  // namespace
}  // namespace causeway::securityserver
