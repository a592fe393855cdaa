// SPDX-License-Identifier: MIT
// The containers that /asic gives out, judged by programs of others, and by ours as people
// start it.
#include "case.hpp"
#include "evidence/signature_reading.hpp"
#include "evidence_kit.hpp"
#include "support/judge.hpp"
#include "support/locations.hpp"

namespace causeway::conformance {
namespace {

class EvidenceJudges : public EvidenceKit {
 protected:
  // Both containers of the message in the judge's folder, the request taken apart.
  void fetch() {
    for (const std::string kind : {"request", "response"}) {
      const Answer answer = get(query(kind + "Only&unique&force"));
      ASSERT_EQ(answer.status, 200) << answer.body;
      ASSERT_TRUE(judge_.put(kind + ".asice", answer.body));
    }
    ASSERT_TRUE(judge_.put("conf.zip", get("/verificationconf").body));
    ASSERT_TRUE(judge_.put("ca.pem", Country::shared().ca().to_pem()));
    ASSERT_TRUE(judge_.put("tsa.pem", Country::shared().timestamping_authority().certificate.to_pem()));
    ASSERT_TRUE(judge_.run("unzip -o -q request.asice"));
    const auto signature = evidence::SignatureReading::read(judge_.get("META-INF/signatures.xml"), false);
    ASSERT_TRUE(signature) << signature.error().text;
    ASSERT_TRUE(judge_.put("member.pem", signature->signing_certificate()->to_pem()));
    ASSERT_TRUE(judge_.put("ocsp.der", as_text(signature->ocsp_responses()->front())));
    ASSERT_TRUE(judge_.put("value", as_text(*signature->signature_value())));
    if (const auto timestamp = signature->timestamp(); timestamp && !timestamp->empty())
      ASSERT_TRUE(judge_.put("token.tst", as_text(*timestamp)));
  }
  void expect_signature_and_ocsp() const {
    EXPECT_TRUE(
        judge_.run("xmlsec1 --verify --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
                   " --pubkey-cert-pem member.pem --url-map:/message.xml message.xml"
                   " --url-map:/sig-hashchainresult.xml sig-hashchainresult.xml META-INF/signatures.xml"));
    EXPECT_TRUE(
        judge_.run("openssl ocsp -respin ocsp.der -issuer ca.pem -cert member.pem -no_nonce -CAfile ca.pem"
                   " -verify_other ca.pem -trust_other -validity_period 1000000000"));
    EXPECT_NE(judge_.said().find("member.pem: good"), std::string::npos) << judge_.said();
  }
  void expect_ours() const {
    EXPECT_TRUE(judge_.run(testing::program() + " verify --conf conf.zip request.asice response.asice"));
  }
  const testing::Judge judge_;
};

TEST_F(EvidenceJudges, StampedAlone) {
  describes(
      "a REST message stamped alone: unzip, openssl ts, openssl ocsp, xmlsec1 and `causeway verify` find it good");
  send_rest_message();
  fetch();
  EXPECT_TRUE(judge_.run("unzip -t request.asice"));
  EXPECT_TRUE(judge_.run("openssl ts -verify -token_in -in token.tst -data value -CAfile ca.pem -untrusted tsa.pem"));
  expect_signature_and_ocsp();
  expect_ours();
}

TEST_F(EvidenceJudges, StampedTogether) {
  describes("the same of a SOAP message with attachments, stamped together with others");
  send_soap_message();
  stamp_log();
  fetch();
  EXPECT_TRUE(judge_.run("unzip -t request.asice"));
  EXPECT_TRUE(
      judge_.run("openssl ts -verify -token_in -in META-INF/timestamp.tst -data ts-hashchainresult.xml"
                 " -CAfile ca.pem -untrusted tsa.pem"));
  expect_signature_and_ocsp();
  expect_ours();
}

TEST_F(EvidenceJudges, BothInOneFile) {
  describes("the ZIP file of request and response: unzip and `causeway verify` find it good");
  send_rest_message();
  ASSERT_TRUE(judge_.put("both.zip", get(query("force")).body));
  ASSERT_TRUE(judge_.put("conf.zip", get("/verificationconf").body));
  EXPECT_TRUE(judge_.run("unzip -t both.zip"));
  EXPECT_TRUE(judge_.run(testing::program() + " verify --conf conf.zip both.zip"));
  EXPECT_NE(judge_.said().find("2 of 2 containers are good"), std::string::npos) << judge_.said();
}

}  // namespace
}  // namespace causeway::conformance
