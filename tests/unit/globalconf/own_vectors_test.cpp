// SPDX-License-Identifier: MIT
// Configurations that were written once: what they say must not change under new code.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/configuration_fault.hpp"
#include "globalconf/private_parameters.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/signed_directory.hpp"
#include "support/locations.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

std::string data(const std::string& name) {
  auto content = read_file(testing::source_directory() / "tests/data/globalconf" / name);
  EXPECT_TRUE(content) << name;
  return content ? *std::move(content) : "";
}

TEST(OwnVectors, SharedParametersOfEveryVersionAreWrittenAsTheyWereRead) {
  for (const int version : kVersions) {
    const std::string xml = data("shared-params-v" + std::to_string(version) + ".xml");
    auto read = read_shared_parameters(xml, version);
    ASSERT_TRUE(read) << version << ": " << read.error().text;
    EXPECT_EQ(write_shared_parameters(*read, version), xml) << version;
    for (const int older : kVersions)
      if (older < version) {
        EXPECT_FALSE(read_shared_parameters(xml, older)) << version << " as " << older;
      }
  }
}

TEST(OwnVectors, SignedDirectoriesOpenUntilTheyExpire) {
  for (const std::string kind : {"internal", "external"}) {
    const std::vector<Bytes> certificate = {to_bytes(data(kind + "-signing.pem"))};
    auto directory = open_signed_directory(data(kind + "conf"), certificate, time_of("2026-03-01T10:10:00Z"));
    ASSERT_TRUE(directory) << directory.error().text;
    EXPECT_EQ(directory->version_number(), 6);
    EXPECT_EQ(directory->parts.size(), kind == "internal" ? 5U : 1U);
    EXPECT_EQ(directory->parts[0].hash,
              pki::digest(pki::DigestAlgorithm::sha512, as_bytes(data("shared-params-v6.xml"))));
    auto late = open_signed_directory(data(kind + "conf"), certificate, time_of("2026-03-01T10:10:01Z"));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, kOutdated);
  }
}

TEST(OwnVectors, AnchorAndPrivateParametersAreRead) {
  auto anchor = read_anchor(data("anchor.xml"));
  ASSERT_TRUE(anchor) << anchor.error().text;
  EXPECT_EQ(anchor->instance, "DEV");
  EXPECT_EQ(anchor->generated_at, time_of("2026-03-01T10:00:00Z"));
  ASSERT_EQ(anchor->sources.size(), 2U);
  EXPECT_EQ(anchor->sources[0].download_url, "http://cs.example/internalconf");
  EXPECT_EQ(anchor->sources[1].download_url, "https://cs.example/internalconf");
  EXPECT_EQ(write_anchor(*anchor), data("anchor.xml"));
  // FIPS 180-4: SHA-224 of "abc"
  EXPECT_EQ(anchor_hash("abc"), "23:09:7D:22:34:05:D8:22:86:42:A4:77:BD:A2:55:B3:2A:AD:BC:E4:BD:A0:B3:F7:E3:6C:9D:A7");
  for (const int version : kVersions) EXPECT_TRUE(read_private_parameters(data("private-params.xml"), version));
}

TEST(Anchor, IsRefusedWithItsOwnFault) {
  for (const char* bad : {"", "<a/>", "<t:configurationAnchor xmlns:t=\"http://x-road.eu/xsd/xroad.xsd\"/>"}) {
    auto anchor = read_anchor(bad);
    ASSERT_FALSE(anchor);
    EXPECT_EQ(anchor.error().code, kMalformedAnchor);
  }
}

}  // namespace
}  // namespace causeway::globalconf
