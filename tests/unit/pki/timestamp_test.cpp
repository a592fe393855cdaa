// SPDX-License-Identifier: MIT
#include "pki/timestamp.hpp"

#include <gtest/gtest.h>

#include "unit/pki/files.hpp"
#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

constexpr auto kSha512 = DigestAlgorithm::sha512;

struct Stamping {
  Party tsa = issued(spec_of(CertificateKind::time_stamping, "C=FI, O=Trust, CN=TSA"), world().root);
  Bytes imprint = digest(kSha512, as_bytes("evidence"));
  TimestampAuthority authority{tsa.certificate, tsa.key, "1.2.3.4", [] { return 77U; }};
  Bytes response = authority.respond(make_timestamp_request(kSha512, imprint), kNoon + 123ms);
  std::vector<Certificate> approved = {world().ocsp.certificate, tsa.certificate};
};

const Stamping& stamping() {
  static const Stamping made;
  return made;
}

Bytes token() { return *token_of_response(stamping().response, kSha512, stamping().imprint); }

TEST(TimestampRequest, HasNeitherNonceNorPolicyNorCertReq) {
  // Version 1 and the imprint: SHA-512 with NULL parameters.
  EXPECT_EQ(to_hex(make_timestamp_request(kSha512, Bytes(64, 0xAB))).substr(0, 48),
            "305602010130513" + std::string("00d060960864801650304020305000440"));
}

TEST(Timestamp, IsGrantedStoredAndVerified) {
  const auto facts = verify_timestamp(token(), stamping().approved);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->algorithm, kSha512);
  EXPECT_EQ(facts->digest, stamping().imprint);
  EXPECT_EQ(facts->serial, "77");
  EXPECT_EQ(facts->policy, "1.2.3.4");
  EXPECT_EQ(to_iso_seconds(facts->time), "2026-03-01T12:00:00Z");

  EXPECT_EQ(*timestamp_signer(token(), stamping().approved), stamping().tsa.certificate);
  const auto stored = with_certificate(token(), stamping().tsa.certificate);
  ASSERT_TRUE(stored);
  EXPECT_GT(stored->size(), token().size() + stamping().tsa.certificate.der().size());
  EXPECT_TRUE(verify_timestamp(*stored, stamping().approved));
  EXPECT_EQ(*with_certificate(*stored, stamping().tsa.certificate), *stored);
}

TEST(Timestamp, NamesItsSignerByVersion2OfTheAttribute) {
  EXPECT_NE(to_hex(token()).find("060b2a864886f70d010910022f"), std::string::npos);
}

TEST(Timestamp, RefusesAnAuthorityThatIsNotApproved) {
  EXPECT_EQ(verify_timestamp(token(), {}).error().code, "tsp_certificate_not_found");
  const std::vector<Certificate> others = {world().ocsp.certificate};
  EXPECT_EQ(verify_timestamp(token(), others).error().code, "tsp_certificate_not_found");
  // The embedded certificate is no proof of anything.
  EXPECT_FALSE(verify_timestamp(*with_certificate(token(), stamping().tsa.certificate), others));
}

TEST(Timestamp, RefusesAnotherKeyUnderTheSameIssuerAndSerial) {
  auto spec = spec_of(CertificateKind::time_stamping, "C=FI, O=Trust, CN=TSA");
  spec.serial = {9};
  const Party real = issued(spec, world().root);
  const Party twin = issued(spec, world().root);
  const TimestampAuthority authority(twin.certificate, twin.key, "1.2.3", [] { return 1U; });
  const Bytes forged = *token_of_response(authority.respond(make_timestamp_request(kSha512, stamping().imprint), kNoon),
                                          kSha512, stamping().imprint);
  const std::vector<Certificate> approved = {real.certificate};
  EXPECT_EQ(verify_timestamp(forged, approved).error().code, "timestamp_signer_verification_failed");
}

TEST(Timestamp, RefusesEveryChangedBit) {
  const Bytes good = token();
  for (std::size_t i = 0; i < good.size(); i += 3) {
    Bytes changed = good;
    changed[i] ^= 0x04;
    const auto facts = verify_timestamp(changed, stamping().approved);
    if (facts) {  // only where the bit is not part of what was signed
      EXPECT_EQ(facts->digest, stamping().imprint);
      EXPECT_EQ(facts->serial, "77");
    }
  }
}

TEST(Timestamp, RefusesAResponseAboutSomethingElse) {
  const Stamping& s = stamping();
  const std::string not_as_asked = "mlog.timestamp_response_validation_failed";
  EXPECT_EQ(token_of_response(s.response, kSha512, digest(kSha512, as_bytes("x"))).error().code, not_as_asked);
  EXPECT_EQ(token_of_response(s.response, DigestAlgorithm::sha256, s.imprint).error().code, not_as_asked);
  EXPECT_EQ(token_of_response(as_bytes("x"), kSha512, s.imprint).error().code,
            "mlog.reading_timestamp_response_failed");
  EXPECT_FALSE(token_of_response({}, kSha512, s.imprint));
}

TEST(Timestamp, SaysWhyTheAuthorityRefused) {
  const Stamping& s = stamping();
  for (const Bytes& request : {to_bytes("rubbish"), make_timestamp_request(DigestAlgorithm::sha1, Bytes(20))}) {
    const Bytes response = s.authority.respond(request, kNoon);
    const auto refused = token_of_response(response, kSha512, s.imprint);
    EXPECT_EQ(refused.error().code, "mlog.timestamp_non_granted_response");
    EXPECT_NE(refused.error().text.find("status 2"), std::string::npos) << refused.error().text;
  }
}

TEST(Timestamp, NamesFaultsOfWhatCannotBeRead) {
  const Bytes good = token();
  EXPECT_EQ(read_timestamp({}).error().code, "malformed_signature");
  for (std::size_t length = 0; length < good.size(); length += 17) {
    EXPECT_FALSE(read_timestamp(ByteView(good).first(length)));
  }
}

Certificate approved_in(const std::string& shared_params) {
  const auto authority = shared_params.find("<approvedTSA>");
  const auto begin = shared_params.find("<cert>", authority) + 6;
  const auto end = shared_params.find("</cert>", begin);
  return *Certificate::from_der_or_pem(*from_base64(shared_params.substr(begin, end - begin)));
}

TEST(Timestamp, JudgesXRoadsTokensAsXRoadDoes) {
  const auto folder = xroad_vectors();
  if (!folder) GTEST_SKIP() << "no X-Road test data";
  const auto tokens = *folder / "lib/globalconf-impl/src/test/timestamps";
  const std::vector<Certificate> approved = {approved_in(
      *read_file(*folder / "lib/globalconf-core/src/test/resources/globalconf_good_v3/EE/shared-params.xml"))};
  const std::string good = *read_file(tokens / "valid");
  const auto facts = verify_timestamp(as_bytes(good), approved);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->digest, digest(facts->algorithm, as_bytes(*read_file(tokens / "stamped-data"))));
  EXPECT_EQ(verify_timestamp(as_bytes(*read_file(tokens / "invalid-signature")), approved).error().code,
            "timestamp_signer_verification_failed");
  // BER in, DER out, and still good.
  const auto stored = with_certificate(as_bytes(good), approved[0]);
  ASSERT_TRUE(stored);
  EXPECT_NE((*stored)[1], 0x80);
  EXPECT_TRUE(verify_timestamp(*stored, approved));
}

}  // namespace
}  // namespace causeway::pki
