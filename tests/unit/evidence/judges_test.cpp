// SPDX-License-Identifier: MIT
// Containers of our own making, taken apart and judged by programs of others.
#include <gtest/gtest.h>

#include "container_samples.hpp"
#include "evidence/signature_reading.hpp"
#include "support/judge.hpp"

namespace causeway::evidence {
namespace {

class Judges : public ::testing::Test {
 protected:
  static bool has(const std::string& command) { return causeway::testing::Judge::has(command); }
  static std::string at(TimePoint time) { return causeway::testing::Judge::at(time); }
  void put(const std::string& name, std::string_view content) const { ASSERT_TRUE(judge_.put(name, content)); }
  std::string get(const std::string& name) const { return judge_.get(name); }
  bool run(const std::string& command, bool expected = true) const { return judge_.run(command, expected); }

  void unpack(const Bytes& file) const {
    put("a.asice", as_text(file));
    ASSERT_TRUE(run("unzip -o -q a.asice"));
    put("ca.pem", maker().member().ca.certificate.to_pem());
    put("tsa.pem", maker().tsa().certificate.to_pem());
    put("member.pem", maker().member().identity.certificate.to_pem());
  }

  static const ContainerMaker& maker() {
    static const ContainerMaker made;
    return made;
  }

  const causeway::testing::Judge judge_;
};

TEST_F(Judges, UnzipFindsNoError) {
  if (!has("unzip -v")) GTEST_SKIP() << "no unzip";
  for (const Bytes& file : {maker().single({ContainerMaker::soap_request()}),
                            maker().batch({ContainerMaker::rest_request(), std::string(1 << 20, 'x')})}) {
    put("a.asice", as_text(file));
    EXPECT_TRUE(run("unzip -t a.asice"));
    EXPECT_NE(get("out.txt").find("No errors detected"), std::string::npos);
    EXPECT_TRUE(run("unzip -z a.asice"));
    EXPECT_NE(get("out.txt").find("mimetype=application/vnd.etsi.asic-e+zip"), std::string::npos);
  }
}

TEST_F(Judges, OpensslVerifiesTheTimestampOfABatch) {
  if (!has("unzip -v") || !has("openssl version")) GTEST_SKIP() << "no unzip or openssl";
  unpack(maker().batch({ContainerMaker::soap_request()}));
  const std::string verify =
      "openssl ts -verify -token_in -in META-INF/timestamp.tst -CAfile ca.pem -untrusted tsa.pem" +
      at(ContainerMaker::kStamped) + " -data ";
  EXPECT_TRUE(run(verify + "ts-hashchainresult.xml"));
  EXPECT_FALSE(run(verify + "ts-hashchain.xml", false));
}

TEST_F(Judges, OpensslVerifiesTheTimestampOfASignatureAndItsOcspResponse) {
  if (!has("unzip -v") || !has("openssl version")) GTEST_SKIP() << "no unzip or openssl";
  unpack(maker().single({ContainerMaker::soap_request()}));
  const auto reading = SignatureReading::read(get("META-INF/signatures.xml"), false);
  ASSERT_TRUE(reading);
  put("token.tst", as_text(*reading->timestamp()));
  put("value", as_text(*reading->signature_value()));
  EXPECT_TRUE(run("openssl ts -verify -token_in -in token.tst -data value -CAfile ca.pem -untrusted tsa.pem" +
                  at(ContainerMaker::kStamped)));
  put("ocsp.der", as_text(reading->ocsp_responses()->front()));
  // The response is of a time that only -attime can go back to; its age is not openssl's business.
  EXPECT_TRUE(
      run("openssl ocsp -respin ocsp.der -issuer ca.pem -cert member.pem -no_nonce -CAfile ca.pem"
          " -verify_other ca.pem -trust_other -validity_period 1000000000" +
          at(ContainerMaker::kStamped)));
  EXPECT_NE(get("out.txt").find("Response verify OK"), std::string::npos) << get("out.txt");
  EXPECT_NE(get("out.txt").find("member.pem: good"), std::string::npos) << get("out.txt");
}

// References to files of the container are given to it as files of the folder.
TEST_F(Judges, XmlsecVerifiesTheSignature) {
  if (!has("unzip -v") || !has("xmlsec1 --version")) GTEST_SKIP() << "no unzip or xmlsec1";
  unpack(maker().single({ContainerMaker::soap_request()}));
  const std::string verify =
      "xmlsec1 --verify --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties --pubkey-cert-pem member.pem"
      " --url-map:/message.xml message.xml --url-map:/sig-hashchainresult.xml sig-hashchainresult.xml"
      " META-INF/signatures.xml";
  EXPECT_TRUE(run(verify));
  const std::string message = get("message.xml");
  put("message.xml", message + " ");
  EXPECT_FALSE(run(verify, false));
  put("message.xml", message);
  unpack(maker().batch({ContainerMaker::rest_request(), "x"}));
  EXPECT_TRUE(run(verify));
  std::string signature = get("META-INF/signatures.xml");
  const auto at = signature.find("<xades:SigningTime>2");
  signature[at + 22] = signature[at + 22] == '9' ? '8' : '9';
  put("META-INF/signatures.xml", signature);
  EXPECT_FALSE(run(verify, false));
}

}  // namespace
}  // namespace causeway::evidence
