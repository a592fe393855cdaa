// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "evidence/asic_manifest.hpp"
#include "evidence/container_names.hpp"
#include "evidence/linking_info.hpp"

namespace causeway::evidence {
namespace {

TEST(ContainerName, HasQueryKindAndRecord) {
  EXPECT_EQ(container_name("query-1", false, 0), "query-1-request-0.asice");
  EXPECT_EQ(container_name("query-1", true, 33), "query-1-response-11.asice");
  EXPECT_EQ(container_name("q", false, UINT64_MAX), "q-request-fvvvvvvvvvvvv.asice");
  EXPECT_EQ(container_name("a/b c~d*\xc3\xa4", false, 1), "a%2Fb+c%7Ed*%C3%A4-request-1.asice");
  EXPECT_EQ(container_name(std::string(300, 'x'), true, 1), std::string(226, 'x') + "-response-1.asice");
  EXPECT_EQ(container_name(std::string(100, '/'), true, 1).size(), 226 + std::string_view("-response-1.asice").size());
}

TEST(ContainersName, HasQueryAndKind) {
  EXPECT_EQ(containers_name("query-1", {}), "query-1.zip");
  EXPECT_EQ(containers_name("query-1", false), "query-1-request.zip");
  EXPECT_EQ(containers_name("a/\"\r\n", true), "a%2F%22%0D%0A-response.zip");
  EXPECT_EQ(containers_name(std::string(300, 'x'), {}), std::string(300, 'x') + ".zip");
}

TEST(ArchiveName, HasGroupTimesAndLink) {
  const TimePoint first = *parse_iso("2026-03-01T10:00:00Z"), last = *parse_iso("2026-03-01T11:02:03.9Z");
  const std::string link = "0123456789abcdef0123";
  EXPECT_EQ(archive_name("", first, last, link, false), "mlog-20260301100000-20260301110203-0123456789abcdef.zip");
  EXPECT_EQ(archive_name("XX/COM/12:3", first, last, link, true),
            "mlog-XX_COM_12_3-20260301100000-20260301110203-0123456789abcdef.zip.gpg");
  EXPECT_EQ(archive_name(std::string(300, 'g'), first, last, link, false),
            "mlog-" + std::string(200, 'g') + "20260301100000-20260301110203-0123456789abcdef.zip");
}

// The rule in its own words: hexadecimal texts are put together, not octets.
TEST(LinkingInfo, LinksEachContainerToTheOneBefore) {
  const auto hex = [](std::string_view text) {
    return to_hex(pki::digest(pki::DigestAlgorithm::sha512, as_bytes(text)));
  };
  LinkingInfo info;
  info.add("a.asice", pki::digest(info.algorithm, as_bytes("first")));
  info.add("b.asice", pki::digest(info.algorithm, as_bytes("second")));
  EXPECT_EQ(info.lines[0].link, hex(hex("first")));
  EXPECT_EQ(info.lines[1].link, hex(hex(hex("first")) + hex("second")));
  EXPECT_EQ(info.to_text(), "- - SHA-512\n" + info.lines[0].link + " a.asice\n" + info.lines[1].link + " b.asice\n");

  LinkingInfo next{info.last_link(), "mlog-1.zip", info.algorithm, {}};
  EXPECT_EQ(next.last_link(), info.last_link());
  next.add("c.asice", pki::digest(info.algorithm, as_bytes("third")));
  EXPECT_EQ(next.lines[0].link, hex(info.last_link() + hex("third")));

  const auto read = read_linking_info(next.to_text());
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->to_text(), next.to_text());
  EXPECT_EQ(read->previous_file, "mlog-1.zip");
}

TEST(LinkingInfo, RefusesOtherForms) {
  const std::string link(128, 'a');
  EXPECT_TRUE(read_linking_info("- - SHA-512\r\n" + link + " a\r\n"));
  EXPECT_TRUE(read_linking_info("- - SHA-256\n" + link.substr(0, 64) + "  a\n"));
  for (const std::string& text : std::vector<std::string>{
           "", "- -\n", "- - SHA-1\n", "- - MD5\n", "x - SHA-512\n" + link + " a\n", "- - SHA-512\n" + link + "\n",
           "- - SHA-512\n" + link + " a b\n", "- - SHA-512\nzz a\n", "- - SHA-256\n" + link + " a\n",
           "- - SHA-512\n" + link + " a\n" + link + " a\n", "- - SHA-512 x\n" + link + " a\n", link + " f SHA-256\n"}) {
    const auto read = read_linking_info(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "mlog.invalid_archive");
  }
}

TEST(FileManifest, IsReadAsItIsWritten) {
  const FileManifest manifest{"application/vnd.etsi.asic-e+zip", {{"message.xml", "text/xml"}, {"a&b", "x/\"y\""}}};
  const std::string text = write_file_manifest(manifest);
  EXPECT_NE(text.find("<manifest:file-entry manifest:media-type=\"application/vnd.etsi.asic-e+zip\" "
                      "manifest:full-path=\"/\"/>"),
            std::string::npos);
  const auto read = read_file_manifest(text);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->media_type, manifest.media_type);
  ASSERT_EQ(read->files.size(), 2u);
  EXPECT_EQ(read->files[1].path, "a&b");
  EXPECT_EQ(read->files[1].media_type, "x/\"y\"");
  for (const char* broken : {"", "<a/>", "<manifest/>", "<!DOCTYPE a><a/>"})
    EXPECT_EQ(read_file_manifest(broken).error().code, "asic_invalid_container");
}

TEST(AsicManifest, IsReadAsItIsWritten) {
  const AsicManifest manifest{"META-INF/timestamp.tst",
                              {{"ts-hashchainresult.xml", "text/xml", pki::DigestAlgorithm::sha512, Bytes(64, 7)}}};
  const auto read = read_asic_manifest(write_asic_manifest(manifest));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->signature_uri, "META-INF/timestamp.tst");
  ASSERT_EQ(read->references.size(), 1u);
  EXPECT_EQ(read->references[0].uri, "ts-hashchainresult.xml");
  EXPECT_EQ(read->references[0].algorithm, pki::DigestAlgorithm::sha512);
  EXPECT_EQ(read->references[0].digest, Bytes(64, 7));
  for (const char* broken : {"", "<a/>", "<ASiCManifest xmlns=\"http://uri.etsi.org/2918/v1.2.1#\"/>"})
    EXPECT_EQ(read_asic_manifest(broken).error().code, "asic_invalid_container");
}

}  // namespace
}  // namespace causeway::evidence
