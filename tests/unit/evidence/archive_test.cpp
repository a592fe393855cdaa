// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "container_samples.hpp"
#include "evidence/archive_verifier.hpp"
#include "evidence/container_names.hpp"
#include "evidence/zip_writer.hpp"

namespace causeway::evidence {
namespace {

const ContainerMaker& maker() {
  static const ContainerMaker made;
  return made;
}

const std::vector<Bytes>& containers() {
  static const std::vector<Bytes> made = [] {
    std::vector<Bytes> out;
    for (int i = 0; i < 3; ++i) out.push_back(maker().single({ContainerMaker::soap_request(), std::to_string(i)}));
    return out;
  }();
  return made;
}

LinkingInfo linking(const std::string& previous = {}) {
  LinkingInfo info;
  info.previous_link = previous;
  info.previous_file = previous.empty() ? "" : "mlog-before.zip";
  for (std::size_t i = 0; i < containers().size(); ++i)
    info.add(container_name("query-1", false, i), pki::digest(info.algorithm, containers()[i]));
  return info;
}

ZipEntries archive_entries(const LinkingInfo& info) {
  ZipEntries entries;
  for (std::size_t i = 0; i < containers().size(); ++i)
    entries.emplace_back(container_name("query-1", false, i), to_text(containers()[i]));
  entries.emplace_back("linkinginfo", info.to_text());
  return entries;
}

ArchiveReport verify(const ZipEntries& entries, const PreviousLink& previous = {true, ""}) {
  const TestTrust authorities = maker().member().trust();
  const Bytes file = zipped(entries);
  EXPECT_TRUE(is_archive(file) || entries.empty());
  return verify_archive(file, maker().trust(authorities), previous, {});
}

std::string failure(const ArchiveReport& report) {
  const Check* const first = report.checks.first_failure();
  return first ? first->name + " " + first->code : "";
}

TEST(Archive, IsGoodWhenEveryContainerIsInItsPlace) {
  const ArchiveReport report = verify(archive_entries(linking()));
  EXPECT_TRUE(report.good()) << failure(report);
  EXPECT_EQ(report.containers, 3u);
  EXPECT_EQ(report.good_containers, 3u);
  EXPECT_EQ(report.last_link, linking().last_link());
}

TEST(Archive, GivesContainersInOrder) {
  const TestTrust authorities = maker().member().trust();
  std::string seen;
  const auto look = [&](const std::string& name, const AsicContainer* container, const ContainerReport& report) {
    EXPECT_TRUE(report.good());
    ASSERT_NE(container, nullptr);
    seen += name + " ";
  };
  (void)verify_archive(zipped(archive_entries(linking())), maker().trust(authorities), {}, look);
  EXPECT_EQ(seen, "query-1-request-0.asice query-1-request-1.asice query-1-request-2.asice ");
}

TEST(Archive, FollowsTheOneBefore) {
  const std::string link(128, 'a');
  const ZipEntries first = archive_entries(linking()), later = archive_entries(linking(link));
  EXPECT_TRUE(verify(later, {true, link}).good());
  EXPECT_TRUE(verify(later, {}).good());  // but check previous_link is left open
  EXPECT_EQ(verify(later, {}).checks.all()[1].state, CheckState::unverified);
  EXPECT_EQ(failure(verify(later, {true, ""})), "previous_link mlog.invalid_archive_link");
  EXPECT_EQ(failure(verify(first, {true, link})), "previous_link mlog.invalid_archive_link");
  EXPECT_EQ(failure(verify(later, {true, std::string(128, 'b')})), "previous_link mlog.invalid_archive_link");
}

TEST(Archive, RefusesEveryTampering) {
  const ZipEntries good = archive_entries(linking());
  const std::string broken = "linking mlog.invalid_archive_link";
  ZipEntries entries = good;
  entries.erase(entries.begin());
  EXPECT_EQ(failure(verify(entries)), broken);
  entries = good;
  std::swap(entries[0], entries[1]);
  EXPECT_EQ(failure(verify(entries)), broken);
  entries = good;
  std::swap(entries[0].second, entries[1].second);
  EXPECT_EQ(failure(verify(entries)), broken);
  entries = good;
  entries.insert(entries.begin(), {"other-request-0.asice", to_text(containers()[0])});
  EXPECT_EQ(failure(verify(entries)), broken);
  entries = good;
  entries[1].second = to_text(maker().single({ContainerMaker::soap_request()}));
  const ArchiveReport replaced = verify(entries);
  EXPECT_EQ(failure(replaced), broken);
  EXPECT_EQ(replaced.good_containers, 3u);
  EXPECT_TRUE(replaced.last_link.empty());
  entries = good;
  std::string& text = entries.back().second;
  text[text.find("\n") + 3] ^= 1;
  EXPECT_NE(failure(verify(entries)), "");
  entries = good;
  entries.back().second = "rubbish";
  EXPECT_EQ(failure(verify(entries)), "linking mlog.invalid_archive");
  entries = good;
  entries.emplace_back("readme.txt", "x");
  EXPECT_EQ(failure(verify(entries)), "archive mlog.invalid_archive");
  EXPECT_EQ(failure(verify({good.back()})), "archive mlog.invalid_archive");
}

TEST(Archive, IsBadWhenAContainerIs) {
  LinkingInfo info;
  ZipEntries entries;
  const Bytes bad = with_entry(containers()[0], "message.xml", ContainerMaker::soap_response());
  info.add("a.asice", pki::digest(info.algorithm, bad));
  info.add("b.asice", pki::digest(info.algorithm, as_bytes("no container")));
  entries = {{"a.asice", to_text(bad)}, {"b.asice", "no container"}, {"linkinginfo", info.to_text()}};
  const ArchiveReport report = verify(entries);
  EXPECT_TRUE(report.checks.good());
  EXPECT_EQ(report.good_containers, 0u);
  EXPECT_FALSE(report.good());
}

TEST(Archive, MayBeADownloadWithoutLinks) {
  ZipEntries entries = archive_entries(linking());
  entries.pop_back();
  const ArchiveReport report = verify(entries, {});
  EXPECT_TRUE(report.good());
  EXPECT_EQ(report.checks.all()[1].state, CheckState::unverified);
  // Who expects an archive is not content with less.
  EXPECT_EQ(failure(verify(entries, {true, ""})), "linking mlog.invalid_archive");
}

TEST(Archive, IsToldFromAContainer) {
  EXPECT_FALSE(is_archive(containers()[0]));
  EXPECT_FALSE(is_archive(as_bytes("rubbish")));
  EXPECT_TRUE(is_archive(zipped({{"linkinginfo", "x"}})));
}

}  // namespace
}  // namespace causeway::evidence
