// SPDX-License-Identifier: MIT
#include "pki/chain.hpp"

#include <gtest/gtest.h>

#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

constexpr auto kNoPath = "cannot_create_cert_path.internal_error";
constexpr auto kNotValid = "invalid_cert_path.cert_validation";

TEST(Path, GoesFromTheCertificateToItsDirectIssuer) {
  const World& w = world();
  const auto path = build_path(w.member.certificate, {}, w.issuer_of(w.member.certificate), kNoon);
  ASSERT_TRUE(path) << path.error().text;
  ASSERT_EQ(path->certificates.size(), 1U);
  EXPECT_EQ(path->certificates[0], w.member.certificate);
  EXPECT_EQ(path->anchor, &w.approved[1]);
}

TEST(Path, GoesThroughIntermediates) {
  const World& w = world();
  const std::vector<Certificate> intermediates = {w.ocsp.certificate, w.ca.certificate};
  const auto path = build_path(w.member.certificate, intermediates, w.approved.data(), kNoon);
  ASSERT_TRUE(path) << path.error().text;
  ASSERT_EQ(path->certificates.size(), 2U);
  EXPECT_EQ(path->certificates[1], w.ca.certificate);
}

TEST(Path, IsNotThereWithoutAnchorOrLink) {
  const World& w = world();
  EXPECT_EQ(build_path(w.member.certificate, {}, nullptr, kNoon).error().code, kNoPath);
  EXPECT_EQ(build_path(w.member.certificate, {}, w.approved.data(), kNoon).error().code, kNoPath);
  EXPECT_EQ(build_path(w.ca.certificate, {}, &w.approved[1], kNoon).error().code, kNoPath);
}

TEST(Path, RefusesAForgeryUnderTheCasName) {
  const World& w = world();
  const Party impostor = self_signed(spec_of(CertificateKind::root_ca, "C=FI, O=Trust, CN=Issuing"));
  const Party forged = issued(spec_of(CertificateKind::sign, "CN=1234"), impostor);
  EXPECT_FALSE(build_path(forged.certificate, {}, &w.approved[1], kNoon));
  const std::vector<Certificate> with_impostor = {impostor.certificate};
  EXPECT_FALSE(build_path(forged.certificate, with_impostor, &w.approved[1], kNoon));
}

TEST(Path, RefusesAMemberAsIssuer) {
  const World& w = world();
  const Party forged = issued(spec_of(CertificateKind::sign, "CN=4321"), w.member);
  const std::vector<Certificate> intermediates = {w.member.certificate};
  EXPECT_FALSE(build_path(forged.certificate, intermediates, &w.approved[1], kNoon));
}

TEST(Path, RefusesCertificatesOutsideTheirTime) {
  const World& w = world();
  EXPECT_EQ(build_path(w.member.certificate, {}, &w.approved[1], kNoon - 25h).error().code, kNotValid);
  EXPECT_EQ(build_path(w.member.certificate, {}, &w.approved[1], kNoon + 24h * 366).error().code, kNotValid);
}

TEST(Path, DoesNotAskForTheAnchorsOwnTime) {
  auto spec = spec_of(CertificateKind::root_ca, "CN=Old");
  spec.not_after = kNoon - 1h;
  const Party old = self_signed(spec);
  const Party member = issued(spec_of(CertificateKind::sign, "CN=x"), old);
  const ApprovedCa anchor{.certificate = old.certificate};
  EXPECT_TRUE(build_path(member.certificate, {}, &anchor, kNoon));
  // A plain certificate may be an anchor as well: the configuration says so.
  const Party plain = self_signed(spec_of(CertificateKind::plain, "CN=Plain"));
  const Party under_plain = issued(spec_of(CertificateKind::sign, "CN=y"), plain);
  const ApprovedCa plain_anchor{.certificate = plain.certificate};
  EXPECT_TRUE(build_path(under_plain.certificate, {}, &plain_anchor, kNoon));
}

TEST(Path, RefusesTooManyIntermediates) {
  const World& w = world();
  const std::vector<Certificate> many(101, w.ca.certificate);
  EXPECT_EQ(build_path(w.member.certificate, many, w.approved.data(), kNoon).error().code, kNoPath);
}

TEST(PathOcsp, WantsAGoodResponseForEveryCertificateBelowTheAnchor) {
  const World& w = world();
  const std::vector<Certificate> intermediates = {w.ca.certificate};
  const auto path = build_path(w.member.certificate, intermediates, w.approved.data(), kNoon);
  ASSERT_TRUE(path);
  std::vector<Bytes> responses = {w.good_response()};
  EXPECT_EQ(verify_path_ocsp(*path, "FI", responses, w, kNoon).error().code, kNotValid);
  responses.push_back(
      w.responder(w.root_ocsp, w.options()).respond(make_ocsp_request(w.ca.certificate, w.root.certificate), kNoon));
  EXPECT_TRUE(verify_path_ocsp(*path, "FI", responses, w, kNoon));
  EXPECT_EQ(verify_path_ocsp(*path, "FI", responses, w, kNoon + 2h).error().code,
            "invalid_cert_path.incorrect_validation_info");
}

// Two countries whose authorities have the same name: the other one's is found first.
class Neighbours : public Trust {
 public:
  explicit Neighbours(const World& own) : own_(own) {}
  const ApprovedCa* issuer_of(std::string_view instance, const Certificate& certificate) const override {
    return instance == "FI" ? own_.issuer_of(certificate) : &namesake_;
  }
  const ApprovedCa* issuer_of(const Certificate&) const override { return &namesake_; }
  std::vector<Certificate> ocsp_signer_candidates() const override { return own_.ocsp_signer_candidates(); }
  OcspPolicy ocsp_policy() const override { return own_.ocsp_policy(); }

 private:
  const World& own_;
  ApprovedCa namesake_{.certificate =
                           self_signed(spec_of(CertificateKind::root_ca, "C=FI, O=Trust, CN=Issuing")).certificate};
};

TEST(PathOcsp, AsksForIssuersOfTheInstanceAlone) {
  const World& w = world();
  const Neighbours both(w);
  const std::vector<Certificate> intermediates = {w.ca.certificate};
  const auto path = build_path(w.member.certificate, intermediates, w.approved.data(), kNoon);
  ASSERT_TRUE(path);
  const std::vector<Bytes> responses = {
      w.good_response(),
      w.responder(w.root_ocsp, w.options()).respond(make_ocsp_request(w.ca.certificate, w.root.certificate), kNoon)};
  EXPECT_TRUE(verify_path_ocsp(*path, "FI", responses, both, kNoon));
  EXPECT_EQ(verify_path_ocsp(*path, "EE", responses, both, kNoon).error().code, kNotValid);
}

TEST(PathOcsp, TheFirstResponseAboutACertificateCounts) {
  const World& w = world();
  const auto path = build_path(w.member.certificate, {}, &w.approved[1], kNoon);
  const Bytes revoked = w.responder(w.ocsp, w.options(), {.status = CertificateStatus::revoked, .revoked_at = kNoon})
                            .respond(make_ocsp_request(w.member.certificate, w.ca.certificate), kNoon);
  const std::vector<Bytes> responses = {to_bytes("rubbish"), revoked, w.good_response()};
  EXPECT_EQ(verify_path_ocsp(*path, "FI", responses, w, kNoon).error().code, kNotValid);
  EXPECT_TRUE(verify_path_ocsp(*path, "FI", std::span(responses).subspan(2), w, kNoon));
}

}  // namespace
}  // namespace causeway::pki
