// SPDX-License-Identifier: MIT
#include "testca/test_ca.hpp"

#include "base/files.hpp"
#include "pki/chain.hpp"
#include "testca/subjects.hpp"
#include "unit/testca/folder.hpp"

namespace causeway::testca {
namespace {

// The CA as a global configuration would approve it.
struct Approving final : pki::Trust {
  explicit Approving(const TestCa& ca)
      : approved{pki::ApprovedCa{.certificate = ca.root()}, pki::ApprovedCa{.certificate = ca.ca()}} {}
  std::vector<pki::ApprovedCa> approved;

  const pki::ApprovedCa* issuer_of(std::string_view, const pki::Certificate& certificate) const override {
    return issuer_of(certificate);
  }
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const override {
    for (const auto& ca : approved) {
      if (ca.certificate.subject_key() == certificate.issuer_key()) return &ca;
    }
    return nullptr;
  }
  std::vector<pki::Certificate> ocsp_signer_candidates() const override { return {}; }
  pki::OcspPolicy ocsp_policy() const override { return {}; }
};

class TestCaTest : public WithTestCa {};

TEST_F(TestCaTest, IssuesWhatItsKindsAreFor) {
  EXPECT_TRUE(issued("CN=s", IssueKind::sign).is_signing());
  EXPECT_FALSE(issued("CN=s", IssueKind::sign).is_authentication());
  EXPECT_TRUE(issued("CN=a", IssueKind::authentication).is_authentication());
  EXPECT_FALSE(issued("CN=a", IssueKind::authentication).is_signing());
  const pki::Certificate certificate = issued();
  EXPECT_TRUE(certificate.issued_by(ca_->ca()));
  EXPECT_TRUE(ca_->ca().issued_by(ca_->root()));
  EXPECT_TRUE(certificate.valid_at(kNoon));
  EXPECT_TRUE(pki::build_path(certificate, {}, &Approving(*ca_).approved[1], kNoon));
}

TEST_F(TestCaTest, AnswersOcspThroughALifeOfACertificate) {
  const Approving trust(*ca_);
  const pki::Certificate certificate = issued();
  const auto status = [&] {
    const Bytes response = ca_->answer_ocsp(pki::make_ocsp_request(certificate, ca_->ca()), kNoon);
    const auto facts = pki::verify_ocsp_response(response, certificate, trust.approved[1], trust, kNoon);
    return facts ? std::string("good") : facts.error().code;
  };
  EXPECT_EQ(status(), "good");
  ASSERT_TRUE(ca_->revoke(certificate.serial_decimal(), kNoon));
  EXPECT_EQ(status(), "cert_validation");
  ASSERT_TRUE(ca_->unrevoke(certificate.serial_decimal()));
  EXPECT_EQ(status(), "good");
  EXPECT_EQ(ca_->revoke("123", kNoon).error().code, "not_found");
}

TEST_F(TestCaTest, AnswersForItsOwnCertificateByAResponderOfTheRoot) {
  const Approving trust(*ca_);
  const Bytes response = ca_->answer_ocsp(pki::make_ocsp_request(ca_->ca(), ca_->root()), kNoon);
  const auto facts = pki::verify_ocsp_response(response, ca_->ca(), trust.approved[0], trust, kNoon);
  EXPECT_TRUE(facts) << facts.error().text;
}

TEST_F(TestCaTest, SaysUnknownOfWhatItDidNotIssue) {
  const auto elsewhere = TestCa::create(folder_ / "other", {.name = "Dev", .ec_keys = true}, kNoon);
  const auto stranger = (*elsewhere)->issue(subject("CN=x"), key_.public_key(), IssueKind::sign, {}, kNoon);
  const auto facts = pki::read_ocsp_response(ca_->answer_ocsp(pki::make_ocsp_request(*stranger, ca_->ca()), kNoon));
  EXPECT_EQ(facts->status, pki::CertificateStatus::unknown);
}

TEST_F(TestCaTest, GivesTimestampsWithGrowingNumbers) {
  const Bytes imprint = pki::digest(pki::DigestAlgorithm::sha512, as_bytes("x"));
  const Bytes request = pki::make_timestamp_request(pki::DigestAlgorithm::sha512, imprint);
  const std::vector<pki::Certificate> approved = {ca_->tsa()};
  std::string last;
  for (int i = 0; i < 3; ++i) {
    const auto token =
        pki::token_of_response(ca_->answer_timestamp(request, kNoon), pki::DigestAlgorithm::sha512, imprint);
    ASSERT_TRUE(token) << token.error().text;
    const auto facts = pki::verify_timestamp(*token, approved);
    ASSERT_TRUE(facts) << facts.error().text;
    EXPECT_NE(facts->serial, last);
    last = facts->serial;
  }
}

TEST_F(TestCaTest, KeepsItsStateInTheFolder) {
  const pki::Certificate certificate = issued("C=FI, O=Org\\, x, CN=1234");
  const auto again = TestCa::open(folder_);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ((*again)->root(), ca_->root());
  // A second process revokes, the first one sees it.
  ASSERT_TRUE((*again)->revoke(certificate.serial_decimal(), kNoon));
  const auto list = ca_->issued();
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 6U);
  EXPECT_EQ(list->back().serial, certificate.serial_decimal());
  EXPECT_EQ(list->back().subject, "C=FI, O=Org\\, x, CN=1234");
  EXPECT_EQ(list->back().revoked_at, kNoon);
  EXPECT_EQ(list->back().expires, certificate.not_after());
  EXPECT_FALSE(list->front().revoked_at);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "certs" / (certificate.serial_decimal() + ".pem")));
}

TEST_F(TestCaTest, KeepsItsKeysToItself) {
  for (const char* name : {"root.key", "ca.key", "ocsp.key", "root-ocsp.key", "tsa.key"}) {
    EXPECT_EQ(std::filesystem::status(folder_ / name).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << name;
  }
  EXPECT_EQ(TestCa::create(folder_, {}, kNoon).error().code, "bad_request");
  EXPECT_EQ(TestCa::open(folder_ / "nothing").error().code, "io_error");
}

TEST_F(TestCaTest, ReportsABrokenIndex) {
  ASSERT_TRUE(write_file_atomically(folder_ / "index.txt", "V\tnonsense\n"));
  EXPECT_EQ(ca_->issued().error().code, "io_error");
  const pki::Certificate& ca = ca_->ca();
  const auto facts = pki::read_ocsp_response(ca_->answer_ocsp(pki::make_ocsp_request(ca, ca_->root()), kNoon));
  EXPECT_EQ(facts->status, pki::CertificateStatus::unknown);
}

TEST_F(TestCaTest, ItsCertificatesNameMembersByTheirProfile) {
  const ClientId member = *ClientId::make("DEV", "COM", "1234");
  const ServerId server = *ServerId::make("DEV", "GOV", "99", "ss1");
  const SubjectInput input{.member_name = "Org, Inc. + Sons"};
  for (const std::string& name : pki::CertificateProfile::known_classes()) {
    if (name.find("Sk") != std::string::npos || name.find(".Is") != std::string::npos ||
        name.find(".Fo") != std::string::npos) {
      continue;
    }
    const auto profile = *pki::CertificateProfile::from_class(name);
    const auto sign = signing_subject(profile, member, server, input);
    ASSERT_TRUE(sign) << name << sign.error().text;
    const auto certificate = ca_->issue(*sign, key_.public_key(), IssueKind::sign, {}, kNoon);
    const auto read = profile.member_of(*certificate, "DEV");
    ASSERT_TRUE(read) << name << ": " << read.error().text;
    EXPECT_EQ(*read, member) << name;
    EXPECT_TRUE(authentication_subject(profile, server, input)) << name;
  }
}

}  // namespace
}  // namespace causeway::testca
