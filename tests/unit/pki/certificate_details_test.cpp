// SPDX-License-Identifier: MIT
#include "pki/certificate_details.hpp"

#include <gtest/gtest.h>

#include "pki/certificate_builder.hpp"
#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

using Texts = std::vector<std::string>;

TEST(CertificateDetails, OfAnRsaCertificate) {
  const PrivateKey key = *PrivateKey::generate_rsa(2048);
  auto spec = spec_of(CertificateKind::authentication, "C=EX,2.5.4.97=X-1,O=Example \\, Inc,CN=ss1");
  spec.serial = {0x80, 0x01};
  spec.alt_names = {"ss1.example.org", "10.0.0.1", "2001:db8::1"};
  const Certificate certificate = *self_sign_certificate(spec, key);
  const CertificateDetails details = details_of(certificate);
  EXPECT_EQ(details.subject, "CN=ss1, O=\"Example , Inc\", OID.2.5.4.97=X-1, C=EX");
  EXPECT_EQ(details.issuer, details.subject);
  EXPECT_EQ(details.subject_common_name, "ss1");
  EXPECT_EQ(details.issuer_common_name, "ss1");
  EXPECT_EQ(details.alternative_names, "DNS:ss1.example.org, IP Address:10.0.0.1, IP Address:2001:db8:0:0:0:0:0:1");
  EXPECT_EQ(details.key_usages, (Texts{"DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT", "DATA_ENCIPHERMENT"}));
  EXPECT_EQ(details.public_key_algorithm, "RSA");
  EXPECT_EQ(details.rsa_exponent, "65537");
  EXPECT_EQ(details.rsa_modulus.size(), 512U);
  EXPECT_EQ(details.ec_curve + details.ec_point, "");
  EXPECT_EQ(details.serial, "32769");
  EXPECT_EQ(details.signature.size(), 512U);
  EXPECT_EQ(details.signature_algorithm, "SHA256withRSA");
  EXPECT_EQ(details.version, 3);
  EXPECT_EQ(details.hash.size(), 64U);
  EXPECT_EQ(details.hash.find_first_of("abcdef"), std::string::npos);
}

TEST(CertificateDetails, OfAnEcCertificate) {
  auto spec = spec_of(CertificateKind::plain, "O=No common name");
  spec.digest = DigestAlgorithm::sha512;
  const CertificateDetails details = details_of(*self_sign_certificate(spec, *PrivateKey::generate_ec("secp384r1")));
  EXPECT_EQ(details.public_key_algorithm, "EC");
  EXPECT_EQ(details.ec_curve, "secp384r1 [NIST P-384] (1.3.132.0.34)");
  EXPECT_EQ(details.ec_point.size(), 2U + 2 * 96);
  EXPECT_EQ(details.ec_point.substr(0, 2), "04");
  EXPECT_EQ(details.rsa_exponent + details.rsa_modulus, "");
  EXPECT_EQ(details.signature_algorithm, "SHA512withECDSA");
  EXPECT_EQ(details.subject, "O=No common name");
  EXPECT_FALSE(details.subject_common_name || details.issuer_common_name || details.alternative_names);
  EXPECT_EQ(details.key_usages, Texts{});
}

}  // namespace
}  // namespace causeway::pki
