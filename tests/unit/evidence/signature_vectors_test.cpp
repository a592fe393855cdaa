// SPDX-License-Identifier: MIT
// Signatures that X-Road and others made, good and broken (evidence.md section 10).
#include "evidence/signature_reading.hpp"
#include "evidence/signature_verifier.hpp"
#include "shared_parameters.hpp"
#include "vectors.hpp"

namespace causeway::evidence {
namespace {

constexpr const char* kEjbca = "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider";

std::string code(const Result<VerifiedSignature>& result) {
  if (result) return "";
  const std::string prefix = "signature_verification.";
  const std::string& full = result.error().code;
  return full.starts_with(prefix) ? full.substr(prefix.size()) : "without prefix: " + full;
}

// The member was made under a profile of Java's own tests; its subject, read as under
// the Ejbca profile, is EE/Cybernetica/consumer.
class SignatureVectors : public XroadVectors {
 protected:
  void SetUp() override {
    XroadVectors::SetUp();
    if (IsSkipped()) return;
    const std::string params = "lib/globalconf-core/src/test/resources/globalconf_good_v4/EE/shared-params.xml";
    add_authorities(trust_, "EE", xroad_vector(params), kEjbca);
    const auto root = pki::Certificate::from_pem(xroad_vector("common/common-test/src/test/certs/root-ca.pem"));
    ASSERT_TRUE(root);
    if (trust_.issuer_of("EE", *root) == nullptr) trust_.add("EE", {*root, {}, {}, kEjbca});
  }

  std::string verify(const std::string& signature, const std::string& message, const std::string& member = "consumer",
                     const VerifyOptions& options = {}) {
    const SignatureDocument document{xroad_vector(signature), {}, {}};
    return code(verify_signature(document, parts_of({message}), *ClientId::make("EE", "Cybernetica", member), trust_,
                                 *parse_iso("2014-10-30T00:00:00Z"), options));
  }

  static std::string message_0() { return xroad_vector("common/common-test/src/test/signatures/message-0.xml"); }

  TestTrust trust_;
};

const std::string kCommon = "common/common-test/src/test/signatures/";
const std::string kImpl = "lib/globalconf-impl/src/test/signatures/";

TEST_F(SignatureVectors, Valid) {
  EXPECT_EQ(verify(kCommon + "sign-0.xml", message_0()), "");
  EXPECT_EQ(verify(kCommon + "sign-0-old-format.xml", message_0()), "");
}

TEST_F(SignatureVectors, Broken) {
  EXPECT_EQ(verify(kCommon + "sign-0.xml", "foo"), "invalid_signature_value");
  EXPECT_EQ(verify(kCommon + "sign-0.xml", message_0(), "FOORBAR"), "incorrect_certificate");
  EXPECT_EQ(verify(kImpl + "empty.xml", message_0()), "invalid_xml");
  EXPECT_EQ(verify(kImpl + "sign-0-malformed-xml.xml", message_0()), "invalid_xml");
  EXPECT_EQ(verify(kImpl + "sign-0-no-signature.xml", message_0()), "malformed_signature");
  EXPECT_EQ(verify(kImpl + "sign-0-no-objectcontainer.xml", message_0()), "malformed_signature");
  EXPECT_EQ(verify(kImpl + "sign-0-schema-fail.xml", message_0()), "malformed_signature");
  EXPECT_EQ(verify(kImpl + "sign-0-no-signing-cert.xml", message_0()), "malformed_signature");
  EXPECT_EQ(verify(kImpl + "sign-0-invalid-signature-value.xml", message_0()), "invalid_signature_value");
  EXPECT_EQ(verify(kImpl + "sign-0-ocsp-no-responses.xml", message_0()), "malformed_signature");
  EXPECT_EQ(verify(kImpl + "sign-0-ocsp-no-responses.xml", message_0(), "consumer", {.check_structure = false}),
            "malformed_signature");
}

// No profile names the member of these, so the steps before are taken one by one.
TEST_F(SignatureVectors, BrokenExtraCertificates) {
  for (const char* name : {"missing-id", "missing-cert", "digest-invalid"}) {
    const auto reading = SignatureReading::read(xroad_vector(kImpl + "extra-certs-" + name + ".xml"), true);
    ASSERT_TRUE(reading) << name;
    const auto signer = reading->signing_certificate();
    ASSERT_TRUE(signer) << name;
    EXPECT_TRUE(reading->check_value(*signer)) << name;
    const auto extra = reading->extra_certificates();
    ASSERT_FALSE(extra) << name;
    EXPECT_EQ(extra.error().code, "malformed_signature") << name;
  }
}

TEST_F(SignatureVectors, HashChain) {
  const SignatureDocument document{xroad_vector(kImpl + "batch-sig.xml"), xroad_vector(kImpl + "hash-chain-result.xml"),
                                   xroad_vector(kImpl + "hash-chain-1.xml")};
  const std::string message = xroad_vector(kImpl + "message-1.xml");
  const auto verify_parts = [&](const SignatureDocument& from, const MessageParts& parts) {
    return code(verify_signature(from, parts, *ClientId::make("EE", "Cybernetica", "consumer"), trust_,
                                 *parse_iso("2014-10-30T00:00:00Z")));
  };
  EXPECT_EQ(verify_parts(document, parts_of({message, "blaah"})), "");
  EXPECT_EQ(verify_parts(document, parts_of({message, "blah"})), "malformed_signature.invalid_hash_chain");
  EXPECT_EQ(verify_parts(document, parts_of({message})), "malformed_signature.invalid_reference");
  SignatureDocument other = document;
  other.hash_chain = xroad_vector(kImpl + "hash-chain-2.xml");
  EXPECT_EQ(verify_parts(other, parts_of({message})), "malformed_signature.invalid_hash_chain");
}

class Good2Vectors : public XroadVectors {
 protected:
  void SetUp() override {
    XroadVectors::SetUp();
    if (IsSkipped()) return;
    add_authorities(trust_, "DEV",
                    xroad_vector("lib/globalconf-core/src/test/resources/globalconf_good2_v3/DEV/shared-params.xml"));
  }
  TestTrust trust_;
};

TEST_F(Good2Vectors, DirectReferences) {
  const std::string folder = kImpl + "non-batch-sig/";
  const std::string message = xroad_vector(folder + "message.xml");
  const std::string attachment = xroad_vector(folder + "attachment1");
  const SignatureDocument document{xroad_vector(folder + "signatures.xml"), {}, {}};
  const auto verify = [&](const std::vector<std::string>& contents) {
    return code(verify_signature(document, parts_of(contents), *ClientId::make("DEV", "COM", "4321"), trust_,
                                 *parse_iso("2024-07-09T00:00:00Z")));
  };
  EXPECT_EQ(verify({message, attachment}), "");
  EXPECT_EQ(verify({message, "\x01"}), "invalid_signature_value");
  EXPECT_EQ(verify({message, attachment, "more"}), "malformed_signature");
}

}  // namespace
}  // namespace causeway::evidence
