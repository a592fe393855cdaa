// SPDX-License-Identifier: MIT
#include "configurationproxy/generation.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/files.hpp"
#include "configurationproxy/round_report.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::configurationproxy {
namespace {

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

globalconf::PartMetadata part_at(const std::string& location, const std::string& instance = "DEV") {
  return {"MONITORING", instance, kNoon, {}, location, "6"};
}

class Generating : public ::testing::Test {
 protected:
  // A part whose content is its place in the list.
  void add(const globalconf::PartMetadata& metadata) {
    const auto file = folder.path() / "stored" / std::to_string(downloaded.parts.size());
    EXPECT_TRUE(make_directories(file.parent_path()));
    EXPECT_TRUE(write_file_atomically(file, std::to_string(downloaded.parts.size())));
    downloaded.parts.push_back({file, metadata});
  }
  GenerationOptions options() const {
    return {.proxy_instance = "PROXY1",
            .target = folder.path() / "public" / "PROXY1",
            .version = 6,
            .address = "cp.dev",
            .certificates = {},
            .hash = pki::DigestAlgorithm::sha256};
  }
  const testing::TemporaryDirectory folder;
  DownloadedParts downloaded{"DEV", {}, kNoon};
};

TEST(PublishedPath, IsThatOfTheSourceWhereItIsPlain) {
  EXPECT_EQ(published_path(part_at("/V6/20260301/shared-params.xml"), 0), "DEV/V6/20260301/shared-params.xml");
  EXPECT_EQ(published_path(part_at("part.xml"), 0), "DEV/part.xml");
}

TEST(PublishedPath, NeverLeavesItsFolder) {
  for (const char* location : {"", "/", "../../etc/passwd", "/V6/../../x", "/V6//x", "/V6/./x", "http://cs/x", "/a b",
                               "/x?y", "/.hidden", "/x.tmp1", "/x/", "/\xc3\xa4"})
    EXPECT_EQ(published_path(part_at(location), 7), "DEV/part-7") << location;
  EXPECT_EQ(published_path(part_at("/" + std::string(600, 'a')), 7), "DEV/part-7");
  for (const char* instance : {"..", "A/B", "A B", "\xc3\x84"}) {
    const auto path = published_path(part_at("/x", instance), 0).string();
    EXPECT_TRUE(path.starts_with("instance-")) << path;
    EXPECT_TRUE(path.ends_with("/x")) << path;
  }
}

TEST_F(Generating, CopiesWhatItDoesNotHaveToChange) {
  add(part_at("/V6/1/monitoring-params.xml"));
  const auto made = make_generation(options(), downloaded, kNoon);
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->name, std::to_string(to_unix_millis(kNoon)));
  ASSERT_EQ(made->parts.size(), 1U);
  EXPECT_EQ(made->parts[0].location, "/PROXY1/" + made->name + "/DEV/V6/1/monitoring-params.xml");
  EXPECT_EQ(made->parts[0].hash, pki::digest(pki::DigestAlgorithm::sha256, as_bytes("0")));
  EXPECT_EQ(*read_file(folder.path() / "public" / made->parts[0].location.substr(1)), "0");
}

TEST_F(Generating, PartsOfOneLocationHaveFilesOfTheirOwn) {
  add(part_at("/x"));
  add(part_at("/x"));
  add(part_at("x"));
  const auto made = make_generation(options(), downloaded, kNoon);
  ASSERT_TRUE(made) << made.error().text;
  std::set<std::string> contents;
  for (const auto& part : made->parts) contents.insert(*read_file(folder.path() / "public" / part.location.substr(1)));
  EXPECT_EQ(contents, (std::set<std::string>{"0", "1", "2"}));
}

TEST_F(Generating, TwoOfOneMomentHaveNamesOfTheirOwn) {
  add(part_at("/x"));
  const auto first = make_generation(options(), downloaded, kNoon),
             second = make_generation(options(), downloaded, kNoon);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_NE(first->name, second->name);
}

TEST_F(Generating, LeavesNothingWhenItFails) {
  add(part_at("/x"));
  downloaded.parts.push_back({folder.path() / "missing", part_at("/y")});
  EXPECT_EQ(make_generation(options(), downloaded, kNoon).error().code, "io_error");
  EXPECT_TRUE(std::filesystem::is_empty(options().target));
  // A folder where another part has its file.
  downloaded.parts.pop_back();
  add(part_at("/x/y"));
  EXPECT_FALSE(make_generation(options(), downloaded, kNoon));
  EXPECT_TRUE(std::filesystem::is_empty(options().target));
}

TEST_F(Generating, TheFingerprintChangesWithWhatItIsMadeOf) {
  add(part_at("/x"));
  const std::string before = fingerprint_of(options(), downloaded);
  EXPECT_EQ(fingerprint_of(options(), downloaded), before);
  auto other = options();
  other.certificates.push_back({1});
  EXPECT_NE(fingerprint_of(other, downloaded), before);
  other = options();
  other.address = "cp2.dev";
  EXPECT_NE(fingerprint_of(other, downloaded), before);
  ASSERT_TRUE(write_file_atomically(downloaded.parts[0].file, "new"));
  EXPECT_NE(fingerprint_of(options(), downloaded), before);
}

TEST(RoundReport, IsReadAsItWasWritten) {
  const ProxyStatus status{kNoon,
                           {{"PROXY1", kNoon, Fault{"a", "b"}, {}},
                            {"PROXY2", kNoon, {}, {{6, true, kNoon, {}}, {5, false, {}, Fault{"c", "d"}}}}}};
  const auto read = status_from_json(to_json(status));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(to_json(*read), to_json(status));
  for (const char* text : {"", "[]", "{}", R"({"updated":null,"instances":[]})"})
    EXPECT_EQ(status_from_json(text).error().code, "malformed_configuration") << text;
}

TEST(RoundReport, IsGoodWhenSomethingIsValidAndNothingFailed) {
  const auto later = kNoon + std::chrono::seconds(1);
  EXPECT_TRUE((InstanceReport{"P", kNoon, {}, {{6, true, later, {}}, {5, false, {}, {}}}}.good(kNoon)));
  EXPECT_FALSE((InstanceReport{"P", kNoon, {}, {{6, true, kNoon, {}}}}.good(kNoon)));
  EXPECT_FALSE((InstanceReport{"P", kNoon, {}, {{6, true, later, {}}, {5, true, later, Fault{"a", "b"}}}}.good(kNoon)));
  EXPECT_FALSE((InstanceReport{"P", kNoon, Fault{"a", "b"}, {{6, true, later, {}}}}.good(kNoon)));
  EXPECT_FALSE((InstanceReport{"P", kNoon, {}, {}}.good(kNoon)));
}

}  // namespace
}  // namespace causeway::configurationproxy
