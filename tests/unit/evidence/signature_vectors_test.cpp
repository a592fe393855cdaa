// SPDX-License-Identifier: MIT
// Signatures that X-Road and others made, good and broken (evidence.md section 10).
#include <unistd.h>

#include <array>
#include <cstdio>

#include "evidence/hash_chain.hpp"
#include "evidence/signature_reading.hpp"
#include "evidence/signature_verifier.hpp"
#include "message_sender.hpp"
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

std::string signing_time_in(const std::string& xml) {
  const std::string mark = "SigningTime>";
  const auto start = xml.find(mark) + mark.size();
  return xml.substr(start, xml.find('<', start) - start);
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

// One file of a ZIP archive; empty when it is not there.
std::string unzipped(const std::filesystem::path& archive, const std::string& entry) {
  const std::string command = "unzip -p '" + archive.string() + "' '" + entry + "' 2>/dev/null";
  std::string content;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> block;
  for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
    content.append(block.data(), count);
  ::pclose(pipe);
  return content;
}

// The names in a linkinginfo, which has one line of its own first.
std::vector<std::string> containers_of(const std::string& linking) {
  std::vector<std::string> names;
  for (std::size_t start = linking.find('\n') + 1; start < linking.size();) {
    const std::size_t end = std::min(linking.find('\n', start), linking.size());
    const std::string line = linking.substr(start, end - start);
    names.push_back(line.substr(line.find(' ') + 1));
    start = end + 1;
  }
  return names;
}

// A container's message and signature, without its timestamp.
class ContainerVectors : public Good2Vectors {
 protected:
  void SetUp() override {
    Good2Vectors::SetUp();
    if (!IsSkipped() && std::system("unzip -v >/dev/null 2>&1") != 0) GTEST_SKIP() << "no unzip here";
  }

  std::string verify(const std::filesystem::path& container) {
    const std::string message = unzipped(container, "message.xml");
    const SignatureDocument document{unzipped(container, "META-INF/signatures.xml"),
                                     unzipped(container, "sig-hashchainresult.xml"),
                                     unzipped(container, "sig-hashchain.xml")};
    MessageParts parts{{"/message.xml", {}}};
    for (int i = 1; i < 10; ++i) {
      const std::string name = "attachment" + std::to_string(i);
      const std::string content = unzipped(container, name);
      if (!content.empty()) parts.push_back({"/" + name, pki::digest(pki::DigestAlgorithm::sha512, as_bytes(content))});
    }
    const auto sender = sender_of(message);
    if (!sender) return "no sender in " + container.string();
    const auto at = parse_iso(signing_time_in(document.signature));
    const auto result = verify_signature(document, parts, *sender, trust_, at ? *at : TimePoint{},
                                         {.check_structure = false, .message = message, .only_message = true});
    return code(result);
  }

  std::string verify_sample(const std::string& name) {
    return verify(*xroad_vectors() / "tool/asic-verifier-cli/src/test/resources" / name);
  }
};

TEST_F(ContainerVectors, Valid) {
  for (const char* name :
       {"valid-signed-message.asice", "valid-signed-hashchain.asice", "valid-batch-ts.asice",
        "valid-non-batch-rest.asice", "valid-non-batch-soap-attachments.asice", "invalid-not-signed-hashchain.asice"})
    EXPECT_EQ(verify_sample(name), "") << name;
}

TEST_F(ContainerVectors, Broken) {
  EXPECT_EQ(verify_sample("wrong-message.asice"), "invalid_signature_value");
  EXPECT_EQ(verify_sample("invalid-digest.asice"), "invalid_signature_value");
  EXPECT_EQ(verify_sample("invalid-signed-hashchain.asice"), "malformed_signature.invalid_hash_chain_ref");
  EXPECT_EQ(verify_sample("invalid-hashchain-modified-message.asice"), "malformed_signature.hashchain_unused_inputs");
  EXPECT_EQ(verify_sample("invalid-incorrect-references.asice"), "malformed_signature");
}

// Their authority is in no configuration among the vectors: everything but its part.
TEST_F(ContainerVectors, OfArchives) {
  const auto folder = *xroad_vectors() / "addons/messagelog/messagelog-archive-verifier/src/test/resources";
  const auto copy = std::filesystem::temp_directory_path() / ("causeway-container-" + std::to_string(::getpid()));
  int signatures = 0, chains = 0;
  for (const char* archive : {"message-archive-0.zip", "message-archive-1.zip"}) {
    for (const std::string& name : containers_of(unzipped(folder / archive, "linkinginfo"))) {
      ASSERT_TRUE(write_file_atomically(copy, unzipped(folder / archive, name)));
      const auto reading = SignatureReading::read(unzipped(copy, "META-INF/signatures.xml"), false);
      ASSERT_TRUE(reading) << name;
      const auto signer = reading->signing_certificate();
      ASSERT_TRUE(signer) << name;
      EXPECT_TRUE(reading->check_value(*signer)) << name;
      ++signatures;
      const std::string result = unzipped(copy, "sig-hashchainresult.xml");
      const std::string message = unzipped(copy, "message.xml");
      const SignedReference& first = reading->references().front();
      EXPECT_TRUE(first.holds_for(first.uri == "/message.xml" ? message : result)) << name;
      if (result.empty()) continue;
      const std::string chain = unzipped(copy, "sig-hashchain.xml");
      EXPECT_TRUE(verify_hash_chain(result, std::vector<HashChainInput>{{"/message.xml", {}}},
                                    {.find = [&](std::string_view uri) -> std::optional<std::string_view> {
                                       return uri == "/message.xml" ? message : chain;
                                     },
                                     .believe = [](std::string_view uri, ByteView) { return uri != "/message.xml"; }}))
          << name;
      ++chains;
    }
  }
  std::filesystem::remove(copy);
  EXPECT_EQ(signatures, 21);
  EXPECT_GT(chains, 0);
}

}  // namespace
}  // namespace causeway::evidence
