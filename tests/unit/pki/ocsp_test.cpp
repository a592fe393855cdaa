// SPDX-License-Identifier: MIT
#include "pki/ocsp.hpp"

#include <gtest/gtest.h>

#include "unit/pki/files.hpp"
#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

Bytes request() { return make_ocsp_request(world().member.certificate, world().ca.certificate); }

TEST(OcspRequest, AsksBySha1WithNullParametersAndNothingElse) {
  const std::string hex = to_hex(request());
  EXPECT_NE(hex.find("300906052b0e03021a0500"), std::string::npos);
  // OCSPRequest, TBSRequest, requestList, Request, CertID: no version, no extensions, no signature.
  const auto size = [](std::size_t length) { return static_cast<unsigned>(length); };
  const Bytes der = request();
  EXPECT_EQ(der[1], size(der.size() - 2));
  EXPECT_EQ(der[3], size(der.size() - 4));
  EXPECT_EQ(der[5], size(der.size() - 6));
  EXPECT_EQ(der[7], size(der.size() - 8));
  EXPECT_EQ(der[9], size(der.size() - 10));
}

TEST(Ocsp, AcceptsAResponderThatTheCaDelegated) {
  const auto facts = world().verify(world().good_response());
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->status, CertificateStatus::good);
  EXPECT_EQ(facts->this_update, kNoon);
  EXPECT_EQ(facts->next_update, std::nullopt);
}

TEST(Ocsp, AcceptsTheCaItselfByNameAndByKey) {
  for (const bool by_key : {false, true}) {
    auto options = world().options();
    options.identify_by_key = by_key;
    options.include_certificate = false;
    const Bytes response = world().responder(world().ca, options).respond(request(), kNoon);
    EXPECT_TRUE(world().verify(response)) << world().verify(response).error().text;
  }
}

TEST(Ocsp, AcceptsAListedResponderWithoutAnyMark) {
  World own;
  const Party listed = self_signed(spec_of(CertificateKind::plain, "CN=Listed"));
  own.approved[1].ocsp_responders.push_back(listed.certificate);
  auto options = own.options();
  options.include_certificate = false;
  const Bytes response =
      own.responder(listed, options).respond(make_ocsp_request(own.member.certificate, own.ca.certificate), kNoon);
  EXPECT_TRUE(own.verify(response));
  own.approved[1].ocsp_responders.clear();
  EXPECT_EQ(own.verify(response).error().code, "incorrect_validation_info");
  own.approved[0].ocsp_responders.push_back(listed.certificate);  // listed, but for another CA
  EXPECT_EQ(own.verify(response).error().code, "incorrect_validation_info");
}

TEST(Ocsp, RefusesASignerThatTheCaDidNotAuthorise) {
  const World& w = world();
  const auto verify_by = [&](const Party& signer) {
    return w.verify(w.responder(signer, w.options()).respond(request(), kNoon));
  };
  EXPECT_EQ(verify_by(w.root_ocsp).error().code, "incorrect_validation_info");  // of another CA
  EXPECT_EQ(verify_by(w.root).error().code, "incorrect_validation_info");       // the CA's CA
  EXPECT_EQ(verify_by(w.member).error().code, "incorrect_validation_info");     // without the EKU
  const Party same_name = issued(spec_of(CertificateKind::ocsp_signer, "C=FI, O=Trust, CN=OCSP"),
                                 self_signed(spec_of(CertificateKind::root_ca, "C=FI, O=Trust, CN=Issuing")));
  EXPECT_EQ(verify_by(same_name).error().code, "incorrect_validation_info");  // of an impostor of the CA
}

TEST(Ocsp, RefusesAResponseAboutAnotherCertificate) {
  const World& w = world();
  const Party other = issued(spec_of(CertificateKind::sign, "CN=other"), w.ca);
  const Bytes response =
      w.responder(w.ocsp, w.options()).respond(make_ocsp_request(other.certificate, w.ca.certificate), kNoon);
  EXPECT_EQ(w.verify(response).error().code, "incorrect_validation_info");
  EXPECT_TRUE(ocsp_response_is_for(response, other.certificate, w.ca.certificate));
  EXPECT_FALSE(ocsp_response_is_for(response, w.member.certificate, w.ca.certificate));
  EXPECT_FALSE(ocsp_response_is_for(response, other.certificate, w.root.certificate));
}

TEST(Ocsp, SaysWhenTheStatusIsNotGood) {
  const World& w = world();
  for (const CertificateStatus status : {CertificateStatus::revoked, CertificateStatus::unknown}) {
    const Bytes response =
        w.responder(w.ocsp, w.options(), {.status = status, .revoked_at = kNoon - 1h}).respond(request(), kNoon);
    EXPECT_EQ(w.verify(response).error().code, "cert_validation");
    EXPECT_EQ(read_ocsp_response(response)->status, status);
  }
}

TEST(Ocsp, JudgesFreshnessByThisUpdate) {
  World own;
  own.policy.freshness = 3600s;
  const Bytes response = own.responder(own.ocsp, own.options())
                             .respond(make_ocsp_request(own.member.certificate, own.ca.certificate), kNoon);
  EXPECT_TRUE(own.verify(response, kNoon + 3600s));
  EXPECT_EQ(own.verify(response, kNoon + 3601s).error().code, "incorrect_validation_info");
  EXPECT_TRUE(own.verify(response, kNoon - 24h));  // from the future: not refused (evidence.md 6.3)
}

TEST(Ocsp, JudgesNextUpdateOnlyWhereThePolicySaysSo) {
  World own;
  auto options = own.options();
  options.valid = 60s;
  const Bytes response =
      own.responder(own.ocsp, options).respond(make_ocsp_request(own.member.certificate, own.ca.certificate), kNoon);
  EXPECT_EQ(read_ocsp_response(response)->next_update, kNoon + 60s);
  EXPECT_TRUE(own.verify(response, kNoon + 60s));
  EXPECT_EQ(own.verify(response, kNoon + 61s).error().code, "incorrect_validation_info");
  own.policy.verify_next_update = false;
  EXPECT_TRUE(own.verify(response, kNoon + 61s));
}

TEST(Ocsp, RefusesEveryChangedBitOfTheSignedPart) {
  const Bytes response = world().good_response();
  for (std::size_t i = 0; i < response.size() / 2; i += 5) {
    Bytes changed = response;
    changed[i] ^= 0x01;
    const auto verified = world().verify(changed);
    // What is left may only be what was signed.
    if (verified) {
      EXPECT_EQ(verified->this_update, kNoon);
    }
  }
  Bytes broken_signature = response;
  broken_signature[response.size() / 4] ^= 0x01;
  EXPECT_FALSE(world().verify(broken_signature));
}

TEST(Ocsp, NamesFaultsOfWhatCannotBeRead) {
  EXPECT_EQ(read_ocsp_response({}).error().code, "incorrect_validation_info");
  EXPECT_EQ(read_ocsp_response(as_bytes("nonsense")).error().code, "incorrect_validation_info");
  const Bytes malformed = world().responder(world().ocsp, world().options()).respond(as_bytes("nonsense"), kNoon);
  EXPECT_NE(read_ocsp_response(malformed).error().text.find("malformedrequest"), std::string::npos);
  const Bytes response = world().good_response();
  for (std::size_t length = 0; length < response.size(); length += 11) {
    EXPECT_FALSE(read_ocsp_response(ByteView(response).first(length)));
  }
}

TEST(OcspResponder, KnowsNothingOfOtherCas) {
  const World& w = world();
  const Party stranger = self_signed(spec_of(CertificateKind::root_ca, "CN=Stranger"));
  const Bytes response =
      w.responder(w.ocsp, w.options()).respond(make_ocsp_request(w.member.certificate, stranger.certificate), kNoon);
  EXPECT_EQ(read_ocsp_response(response)->status, CertificateStatus::unknown);
}

TEST(Ocsp, ReadsARealResponseWithAKeyHash) {
  const auto folder = xroad_vectors();
  if (!folder) GTEST_SKIP() << "no X-Road test data";
  const auto facts =
      read_ocsp_response(as_bytes(*read_file(*folder / "service/proxy/proxy-core/src/test/queries/test.ocsp")));
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->status, CertificateStatus::good);
}

}  // namespace
}  // namespace causeway::pki
