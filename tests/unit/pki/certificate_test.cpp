// SPDX-License-Identifier: MIT
#include "pki/certificate.hpp"

#include <gtest/gtest.h>

#include "unit/pki/files.hpp"

namespace causeway::pki {
namespace {

// Self-signed, P-256. Its names as a Java runtime writes them are the expected values below.
const Certificate& odd_names() {
  static const Certificate certificate = *Certificate::from_pem(data_file("odd_names.pem"));
  return certificate;
}

TEST(Certificate, WritesNamesAsJavaDoes) {
  EXPECT_EQ(odd_names().subject_rfc2253(),
            "CN=Kolmas \\<a\\;b\\> \\\"q\\\" \\\\ Älä,OU=\\ edge,2.5.4.5=#130c544553542f7373312f434f4d,"
            "O=ACME\\, Inc. \\#1\\=x,O=Old Org,C=FI");
  EXPECT_EQ(odd_names().serial_decimal(), "17429726349691885448");
}

TEST(Certificate, ReadsSubjectAttributesEscapedAndTheLastOfSeveral) {
  EXPECT_EQ(odd_names().subject_attribute("2.5.4.10"), "ACME\\, Inc. #1\\=x");
  EXPECT_EQ(odd_names().subject_attribute("2.5.4.5"), "TEST/ss1/COM");
  EXPECT_EQ(odd_names().subject_attribute("2.5.4.11"), "\\ edge");
  EXPECT_EQ(odd_names().subject_attribute("2.5.4.97"), std::nullopt);
  EXPECT_EQ(odd_names().subject_attribute("not an oid"), std::nullopt);
}

TEST(Certificate, ReadsUsagesAndAddresses) {
  EXPECT_TRUE(odd_names().is_signing());
  EXPECT_TRUE(odd_names().is_authentication());  // by its EKU clientAuth
  EXPECT_TRUE(odd_names().has_extended_key_usage("1.2.3.4.5"));
  EXPECT_FALSE(odd_names().has_extended_key_usage("1.2.3.4"));
  EXPECT_EQ(odd_names().ocsp_urls(), (std::vector<std::string>{"http://ocsp.example/one", "http://ocsp.example/two"}));
}

TEST(Certificate, IsTheSameFromDerPemAndEither) {
  const Certificate& certificate = odd_names();
  const auto from_der = Certificate::from_der(certificate.der());
  ASSERT_TRUE(from_der);
  EXPECT_EQ(*from_der, certificate);
  EXPECT_EQ(from_der->to_pem(), certificate.to_pem());
  EXPECT_EQ(*Certificate::from_der_or_pem(certificate.der()), certificate);
  EXPECT_EQ(*Certificate::from_der_or_pem(as_bytes("subject: x\n" + certificate.to_pem())), certificate);
  EXPECT_EQ(certificate.hash_hex(DigestAlgorithm::sha1).size(), 40U);
}

TEST(Certificate, KnowsItsIssuer) {
  EXPECT_TRUE(odd_names().self_signed());
  EXPECT_TRUE(odd_names().issued_by(odd_names()));
  EXPECT_EQ(odd_names().subject_key(), odd_names().issuer_key());
}

TEST(Certificate, RefusesMalformedInput) {
  Bytes longer = odd_names().der();
  longer.push_back(0);
  EXPECT_FALSE(Certificate::from_der(longer));
  for (std::size_t length = 0; length < odd_names().der().size(); length += 7) {
    EXPECT_FALSE(Certificate::from_der(ByteView(odd_names().der()).first(length)));
  }
  EXPECT_EQ(Certificate::from_pem("nothing").error().code, "incorrect_certificate");
  EXPECT_FALSE(Certificate::from_der_or_pem({}));
  EXPECT_FALSE(Certificate::from_der(Bytes(1U << 20)));
}

TEST(Certificate, ReadsWhatXRoadTestsWith) {
  const auto folder = xroad_vectors();
  if (!folder) GTEST_SKIP() << "no X-Road test data";
  const auto certs = *folder / "common/common-test/src/test/certs";
  const auto producer = Certificate::from_pem(*read_file(certs / "producer.pem"));
  ASSERT_TRUE(producer);
  EXPECT_EQ(producer->subject_rfc2253(),
            "1.2.840.113549.1.9.1=#160b616161406262622e636363,CN=producer,OU=ITO,O=Cybernetica,C=EE");
  EXPECT_TRUE(producer->is_signing());
  EXPECT_TRUE(producer->is_authentication());
  const auto root = Certificate::from_pem(*read_file(certs / "root-ca.pem"));
  ASSERT_TRUE(root);
  EXPECT_TRUE(producer->issued_by(*root));
  EXPECT_FALSE(root->issued_by(*producer));
}

}  // namespace
}  // namespace causeway::pki
