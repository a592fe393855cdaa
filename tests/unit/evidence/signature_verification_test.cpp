// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "custom_signature.hpp"
#include "evidence/signature_verifier.hpp"
#include "verification_cases.hpp"

namespace causeway::evidence {
namespace {

using KeyKind = TestMember::KeyKind;

std::string code(const Result<VerifiedSignature>& result) { return result ? "" : result.error().code; }

std::string expected(const VerificationCase& one) {
  return one.code.empty() ? "" : "signature_verification." + one.code;
}

TEST(SignatureVerification, GivesEachCaseItsVerdict) {
  const TestMember member = TestMember::make();
  const TestTrust trust = member.trust();
  for (const VerificationCase& one : verification_cases(member)) {
    const auto sender = ClientId::parse_rest(one.sender);
    const auto result = verify_signature(one.document, parts_of(one.contents), *sender, trust, TestMember::kNow);
    EXPECT_EQ(code(result), expected(one)) << one.name << ": " << (result ? "" : result.error().text);
  }
}

TEST(SignatureVerification, GivesEachCaseItsVerdictFromMemoryToo) {
  const TestMember member = TestMember::make();
  const auto trust = std::make_shared<TestTrust>(member.trust());
  SignatureVerifier verifier;
  const auto cases = verification_cases(member);
  for (int round = 0; round < 2; ++round)
    for (const VerificationCase& one : cases) {
      const auto sender = ClientId::parse_rest(one.sender);
      const auto result = verifier.verify(one.document, parts_of(one.contents), *sender, trust, TestMember::kNow);
      EXPECT_EQ(code(result), expected(one)) << one.name << " in round " << round;
    }
}

TEST(SignatureVerification, TellsSignerAndTime) {
  const TestMember member = TestMember::make();
  const auto verified = verify_signature(member.sign({parts_of({"m"})}).front(), parts_of({"m"}), member.id,
                                         member.trust(), TestMember::kNow);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->signer, member.identity.certificate);
  EXPECT_EQ(verified->signing_time, TestMember::kNow);
}

TEST(SignatureVerification, TellsNoTimeThatIsNotSigned) {
  const TestMember member = TestMember::make();
  const std::string xml = make_signature(member, {.references = {{"/message.xml", "hello"}}});
  const auto verified =
      verify_signature({xml, {}, {}}, parts_of({"hello"}), member.id, member.trust(), TestMember::kNow);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->signing_time, std::nullopt);
}

TEST(SignatureVerification, TellsNoTimeOfAnotherAge) {
  const TestMember member = TestMember::make();
  for (const auto& [year, known] : std::map<int, bool>{{1013, false}, {1999, true}, {2199, true}, {9999, false}}) {
    const CustomSignature custom{.signing_time = std::to_string(year) + "-03-01T00:00:00Z"};
    const auto verified = verify_signature({make_signature(member, custom), {}, {}}, parts_of({"hello"}), member.id,
                                           member.trust(), TestMember::kNow);
    ASSERT_TRUE(verified) << year;
    EXPECT_EQ(verified->signing_time.has_value(), known) << year;
  }
}

TEST(SignatureVerification, AcceptsEveryAlgorithm) {
  for (const KeyKind kind : {KeyKind::rsa_2048, KeyKind::rsa_3072, KeyKind::rsa_pss, KeyKind::p256, KeyKind::p384}) {
    TestMember member = TestMember::make(kind);
    for (const auto digest :
         {pki::DigestAlgorithm::sha256, pki::DigestAlgorithm::sha384, pki::DigestAlgorithm::sha512}) {
      member.identity.algorithm.digest = digest;
      const auto document = member.sign({parts_of({"m", "a"})}).front();
      EXPECT_EQ(code(verify_signature(document, parts_of({"m", "a"}), member.id, member.trust(), TestMember::kNow)), "")
          << int(kind) << " " << pki::digest_name(digest);
    }
  }
}

TEST(SignatureVerification, AcceptsShortEcdsaValues) {
  const TestMember member = TestMember::make();
  // Java drops leading zeros; among so many signatures some have one in r and s.
  std::string xml = make_signature(member, {});
  const std::string mark = "<ds:SignatureValue>";
  for (int i = 0; i < 3000; ++i) {
    const auto start = xml.find(mark) + mark.size();
    const auto end = xml.find('<', start);
    Bytes value = *from_base64(xml.substr(start, end - start));
    if (value[0] == 0 || value[32] == 0) {
      Bytes r(value.begin(), value.begin() + 32), s(value.begin() + 32, value.end());
      while (r.front() == 0 && s.front() == 0) {
        r.erase(r.begin());
        s.erase(s.begin());
      }
      if (r.size() < 32) {
        r.insert(r.end(), s.begin(), s.end());
        xml.replace(start, end - start, to_base64(r));
        EXPECT_EQ(
            code(verify_signature({xml, {}, {}}, parts_of({"hello"}), member.id, member.trust(), TestMember::kNow)),
            "");
        return;
      }
    }
    if (i > 200) break;  // both zero is rare; the split itself is tested with keys
    xml = make_signature(member, {});
  }
}

TEST(SignatureVerification, HashesTheMessageWhenItsDigestDoesNotServe) {
  const TestMember member = TestMember::make();
  const std::string xml = make_signature(
      member, {.references = {{"/message.xml", "hello", {}, "http://www.w3.org/2001/04/xmlenc#sha256"}}});
  const auto verify = [&](const VerifyOptions& options) {
    return code(
        verify_signature({xml, {}, {}}, parts_of({"hello"}), member.id, member.trust(), TestMember::kNow, options));
  };
  EXPECT_EQ(verify({}), "signature_verification.invalid_signature_value");
  EXPECT_EQ(verify({.message = "hello"}), "");
  EXPECT_EQ(verify({.message = "hallo"}), "signature_verification.invalid_signature_value");
}

TEST(SignatureVerification, OfContainersNeedsOnlyTheMessage) {
  const TestMember member = TestMember::make();
  const auto document = member.sign({parts_of({"m", "a"}), parts_of({"x"})}).front();
  std::string reported;
  const VerifyOptions options{.check_structure = false,
                              .message = "m",
                              .only_message = true,
                              .chained_attachment = [&](std::string_view uri, ByteView) { reported += uri; }};
  EXPECT_EQ(
      code(verify_signature(document, {{"/message.xml", {}}}, member.id, member.trust(), TestMember::kNow, options)),
      "");
  EXPECT_EQ(reported, "/attachment1");
  VerifyOptions changed = options;
  changed.message = "n";
  EXPECT_EQ(
      code(verify_signature(document, {{"/message.xml", {}}}, member.id, member.trust(), TestMember::kNow, changed)),
      "signature_verification.malformed_signature.invalid_hash_chain_ref");
}

TEST(SignatureVerification, PassesOverStructureOnRequest) {
  const TestMember member = TestMember::make();
  const std::string xml = make_signature(member, {.in_object = "<other:x xmlns:other=\"urn:o\"/><ds:Manifest/>"});
  const auto verify = [&](bool structure) {
    return code(verify_signature({xml, {}, {}}, parts_of({"hello"}), member.id, member.trust(), TestMember::kNow,
                                 {.check_structure = structure}));
  };
  EXPECT_EQ(verify(true), "signature_verification.malformed_signature");
  EXPECT_EQ(verify(false), "");
}

TEST(SignatureVerification, ChecksTimestampManifests) {
  const TestMember member = TestMember::make();
  const auto with_digest = [&](const std::string& digest) {
    const std::string method = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"/>";
    const std::string xml = make_signature(
        member, {.in_object = "<ds:Manifest Id=\"ts-root-manifest\"><ds:Reference URI=\"#ts-manifest-1\">" + method +
                              "<ds:DigestValue/></ds:Reference></ds:Manifest><ds:Manifest Id=\"ts-manifest-1\">"
                              "<ds:Reference URI=\"#thing\">" +
                              method + "<ds:DigestValue>" + digest +
                              "</ds:DigestValue></ds:Reference></ds:Manifest><thing Id=\"thing\"/>"});
    return code(verify_signature({xml, {}, {}}, parts_of({"hello"}), member.id, member.trust(), TestMember::kNow));
  };
  const std::string canonical =
      "<thing xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" "
      "xmlns:other=\"urn:other\" Id=\"thing\"></thing>";
  EXPECT_EQ(with_digest(to_base64(pki::digest(pki::DigestAlgorithm::sha512, as_bytes(canonical)))), "");
  EXPECT_EQ(with_digest(to_base64(Bytes(64))), "signature_verification.invalid_reference");
}

TEST(SignatureVerifier, GivesTheOctetsThatABatchShares) {
  const TestMember member = TestMember::make();
  const auto trust = std::make_shared<TestTrust>(member.trust());
  const std::vector<MessageParts> messages{parts_of({"one"}), parts_of({"two"})};
  const auto documents = member.sign(messages);
  EXPECT_EQ(documents[0].signature.str().data(), documents[1].signature.str().data());
  // As they arrive: each with octets of its own.
  const auto arrived = [](const SignatureDocument& document) {
    return SignatureDocument{document.signature.str(), document.hash_chain_result.str(), document.hash_chain.str()};
  };
  SignatureVerifier verifier;
  const auto first = verifier.verify(arrived(documents[0]), messages[0], member.id, trust, TestMember::kNow);
  const auto second = verifier.verify(arrived(documents[1]), messages[1], member.id, trust, TestMember::kNow);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->document, documents[0].signature);
  EXPECT_EQ(first->document.str().data(), second->document.str().data());
}

TEST(SignatureVerifier, VerifiesABatchSignatureOnce) {
  const TestMember member = TestMember::make();
  const auto trust = std::make_shared<TestTrust>(member.trust());
  std::vector<MessageParts> messages;
  for (int i = 0; i < 10; ++i) messages.push_back(parts_of({"m" + std::to_string(i)}));
  const auto documents = member.sign(messages);
  SignatureVerifier verifier;
  for (std::size_t i = 0; i < messages.size(); ++i)
    EXPECT_EQ(code(verifier.verify(documents[i], messages[i], member.id, trust, TestMember::kNow)), "");
  EXPECT_EQ(verifier.statistics().documents_read, 1U);
  EXPECT_EQ(verifier.statistics().documents_remembered, 9U);
  EXPECT_EQ(verifier.statistics().verdicts_made, 1U);
  // What is remembered proves nothing about another message or another sender.
  EXPECT_NE(code(verifier.verify(documents[0], messages[1], member.id, trust, TestMember::kNow)), "");
  EXPECT_EQ(
      code(verifier.verify(documents[0], messages[0], *ClientId::make("XX", "COM", "99"), trust, TestMember::kNow)),
      "signature_verification.incorrect_certificate");
}

TEST(SignatureVerifier, RemembersAVerdictOnlyUntilTheOcspResponseIsStale) {
  const TestMember member = TestMember::make();
  const auto trust = std::make_shared<TestTrust>(member.trust());
  SignatureVerifier verifier;
  const auto verify = [&](std::chrono::seconds later) {
    const auto document = member.sign({parts_of({"m"})}).front();
    return code(verifier.verify(document, parts_of({"m"}), member.id, trust, TestMember::kNow + later));
  };
  EXPECT_EQ(verify(std::chrono::seconds(0)), "");
  EXPECT_EQ(verify(std::chrono::seconds(3600)), "");
  EXPECT_EQ(verifier.statistics().verdicts_remembered, 1U);
  EXPECT_EQ(verify(std::chrono::seconds(3601)), "signature_verification.invalid_cert_path.incorrect_validation_info");
}

TEST(SignatureVerifier, ForgetsVerdictsWithTheTrustTheyCameFrom) {
  const TestMember member = TestMember::make();
  SignatureVerifier verifier;
  const auto document = member.sign({parts_of({"m"})}).front();
  const auto verify = [&](const std::shared_ptr<const TestTrust>& trust) {
    return code(verifier.verify(document, parts_of({"m"}), member.id, trust, TestMember::kNow));
  };
  EXPECT_EQ(verify(std::make_shared<TestTrust>(member.trust())), "");
  EXPECT_EQ(verify(std::make_shared<TestTrust>()), "signature_verification.internal_error");
  EXPECT_EQ(verify(std::make_shared<TestTrust>(member.trust())), "");
}

TEST(SignatureVerifier, MayBeShared) {
  const TestMember member = TestMember::make();
  const TestMember other = TestMember::make();
  const auto trust = std::make_shared<TestTrust>(member.trust());
  SignatureVerifier verifier({.documents = 2, .verdicts = 2});
  const std::vector<MessageParts> messages{parts_of({"a"}), parts_of({"b"}), parts_of({"c", "d"})};
  const auto documents = member.sign(messages);
  const auto single = member.sign({messages[0]}).front();
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const std::size_t at = static_cast<std::size_t>(i) % 3;
        if (!verifier.verify(documents[at], messages[at], member.id, trust, TestMember::kNow)) ++wrong;
        if (!verifier.verify(single, messages[0], member.id, trust, TestMember::kNow)) ++wrong;
        if (verifier.verify(documents[at], messages[(at + 1) % 3], member.id, trust, TestMember::kNow)) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace causeway::evidence
