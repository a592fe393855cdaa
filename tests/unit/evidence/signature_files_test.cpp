// SPDX-License-Identifier: MIT
// The verdicts on the documents in tests/data/evidence, which write_evidence_vectors made:
// what was valid once stays so, whatever becomes of the writer.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "base/files.hpp"
#include "evidence/signature.hpp"
#include "support/locations.hpp"
#include "test_pki.hpp"

namespace causeway::evidence {
namespace {

const std::filesystem::path kFolder = testing::source_directory() / "tests/data/evidence";

std::string content_of(const std::filesystem::path& path) {
  auto content = read_file(path);
  return content ? *std::move(content) : "";
}

TEST(SignatureFiles, GetTheirVerdicts) {
  const auto ca = pki::Certificate::from_pem(content_of(kFolder / "ca.pem"));
  ASSERT_TRUE(ca);
  TestTrust trust;
  trust.add("XX", {*ca, {}, {}, "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"});
  std::istringstream list(content_of(kFolder / "cases.txt"));
  std::string name, sender, expected;
  int count = 0;
  while (list >> name >> sender >> expected) {
    const auto place = kFolder / name;
    const SignatureDocument document{content_of(place / "signature.xml"), content_of(place / "hash-chain-result.xml"),
                                     content_of(place / "hash-chain.xml")};
    std::vector<std::string> contents{content_of(place / "message")};
    for (int i = 1; std::filesystem::exists(place / ("attachment" + std::to_string(i))); ++i)
      contents.push_back(content_of(place / ("attachment" + std::to_string(i))));
    const auto result =
        verify_signature(document, parts_of(contents), *ClientId::parse_rest(sender), trust, TestMember::kNow);
    EXPECT_EQ(result ? "ok" : result.error().code, expected == "ok" ? "ok" : "signature_verification." + expected)
        << name;
    ++count;
  }
  EXPECT_GT(count, 50);
}

}  // namespace
}  // namespace causeway::evidence
