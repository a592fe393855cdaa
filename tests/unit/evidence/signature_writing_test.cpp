// SPDX-License-Identifier: MIT
// What the writer makes, as others read it: libxml2's canonical form, and xmlsec1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/uuid.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/names.hpp"
#include "evidence/signature.hpp"
#include "test_pki.hpp"
#include "xml/canonical.hpp"
#include "xml/document.hpp"

namespace causeway::evidence {
namespace {

using testing::HasSubstr;
using KeyKind = TestMember::KeyKind;
using Messages = std::vector<MessageParts>;

std::string text_at(const xml::Document& document, std::string_view ns, std::string_view name) {
  for (std::optional<xml::Element> at = document.root(); at; at = at->next_within(document.root()))
    if (at->is(ns, name)) return at->text();
  return "";
}

Bytes canonical_digest(const xml::Document& document, std::string_view ns, std::string_view name) {
  for (std::optional<xml::Element> at = document.root(); at; at = at->next_within(document.root()))
    if (at->is(ns, name)) return pki::digest(pki::DigestAlgorithm::sha512, as_bytes(*xml::canonicalize(document, *at)));
  return {};
}

bool has_xmlsec1() { return std::system("xmlsec1 --version >/dev/null 2>&1") == 0; }

// The whole document, references and signature value, by xmlsec1.
bool xmlsec1_accepts(const SignatureDocument& document, const pki::Certificate& signer, const std::string& message) {
  const auto folder = std::filesystem::temp_directory_path() / ("causeway-" + random_letters(12));
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, std::string_view content) {
    std::ofstream(folder / name, std::ios::binary) << content;
    return (folder / name).string();
  };
  const std::string command =
      "xmlsec1 --verify --enabled-reference-uris empty,same-doc,local,remote --enabled-key-data key-name"
      " --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
      " --url-map:/message.xml " +
      write("message", message) + " --url-map:/sig-hashchainresult.xml " + write("result", document.hash_chain_result) +
      " --pubkey-cert-pem " + write("cert.pem", signer.to_pem()) + " " + write("signature.xml", document.signature) +
      " >" + (folder / "log").string() + " 2>&1";
  const bool good = std::system(command.c_str()) == 0;
  if (!good) {
    std::ifstream log(folder / "log");
    std::fprintf(stderr, "%s", std::string(std::istreambuf_iterator<char>(log), {}).c_str());
  }
  std::filesystem::remove_all(folder);
  return good;
}

TEST(SignatureWriting, SignsTheCanonicalForms) {
  const TestMember member = TestMember::make();
  for (const auto& messages : {Messages{parts_of({"hello"})}, Messages{parts_of({"a", "b"}), parts_of({"c"})}}) {
    auto batch = SignatureBatch::prepare(messages, member.identity, TestMember::kNow);
    ASSERT_TRUE(batch);
    auto documents = batch->complete(*member.key.sign_digest(member.identity.algorithm, batch->digest_to_sign()));
    ASSERT_TRUE(documents);
    const auto document = xml::Document::parse(documents->front().signature);
    ASSERT_TRUE(document);
    EXPECT_EQ(canonical_digest(*document, kDsNamespace, "SignedInfo"), batch->digest_to_sign());
    EXPECT_THAT(*xml::canonicalize(*document, *document->root().first_child()->first_child()),
                HasSubstr(to_base64(canonical_digest(*document, kXadesNamespace, "SignedProperties"))));
  }
}

TEST(SignatureWriting, EscapesTheIssuerName) {
  TestMember member = TestMember::make();
  const TestCa ca = TestCa::make({{"O", "A & B <x> \"q\""}, {"CN", "c\rd"}});
  member.identity.certificate = ca.issue({{"CN", "1234"}}, member.key.public_key());
  auto batch = SignatureBatch::prepare({parts_of({"hello"})}, member.identity, TestMember::kNow);
  ASSERT_TRUE(batch);
  auto documents = batch->complete(*member.key.sign_digest(member.identity.algorithm, batch->digest_to_sign()));
  const auto document = xml::Document::parse(documents->front().signature);
  ASSERT_TRUE(document);
  EXPECT_EQ(text_at(*document, kDsNamespace, "X509IssuerName"), member.identity.certificate.issuer_rfc2253());
  EXPECT_THAT(documents->front().signature,
              HasSubstr(to_base64(canonical_digest(*document, kXadesNamespace, "SignedProperties"))));
}

TEST(SignatureWriting, PassesXmlsec1) {
  if (!has_xmlsec1()) GTEST_SKIP() << "no xmlsec1 here";
  for (const KeyKind kind : {KeyKind::rsa_2048, KeyKind::rsa_3072, KeyKind::p256, KeyKind::p384}) {
    const TestMember member = TestMember::make(kind);
    const auto plain = member.sign({parts_of({"hello"})});
    EXPECT_TRUE(xmlsec1_accepts(plain[0], member.identity.certificate, "hello")) << int(kind);
    for (const SignatureDocument& document : member.sign({parts_of({"one", "two"}), parts_of({"three"})}))
      EXPECT_TRUE(xmlsec1_accepts(document, member.identity.certificate, "")) << int(kind);
  }
}

// xmlsec1 does not know this algorithm, OpenSSL does.
TEST(SignatureWriting, SignsWithPssAsOpensslReadsIt) {
  if (std::system("openssl version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no openssl here";
  const TestMember member = TestMember::make(KeyKind::rsa_pss);
  const auto document = xml::Document::parse(member.sign({parts_of({"hello"})}).front().signature);
  ASSERT_TRUE(document);
  const auto folder = std::filesystem::temp_directory_path() / ("causeway-" + random_letters(12));
  std::filesystem::create_directories(folder);
  const std::string at = folder.string();
  std::ofstream(folder / "cert.pem") << member.identity.certificate.to_pem();
  std::ofstream(folder / "data") << *xml::canonicalize(*document, *document->root().first_child()->first_child());
  std::ofstream(folder / "value") << to_text(*from_base64(text_at(*document, kDsNamespace, "SignatureValue")));
  EXPECT_EQ(std::system(("openssl x509 -in " + at + "/cert.pem -noout -pubkey >" + at +
                         "/key && openssl dgst -sha512"
                         " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:64 -sigopt rsa_mgf1_md:sha512"
                         " -verify " +
                         at + "/key -signature " + at + "/value " + at + "/data >/dev/null")
                            .c_str()),
            0);
  std::filesystem::remove_all(folder);
}

TEST(SignatureWriting, IsPlainOnlyForOneMessageOfOnePart) {
  const TestMember member = TestMember::make();
  const auto plain = member.sign({parts_of({"hello"})});
  ASSERT_EQ(plain.size(), 1U);
  EXPECT_THAT(plain[0].signature, HasSubstr("URI=\"/message.xml\""));
  EXPECT_THAT(plain[0].signature, HasSubstr("<xades:MimeType>text/xml<"));
  EXPECT_TRUE(plain[0].hash_chain_result.empty() && plain[0].hash_chain.empty());
  const auto batch = member.sign({parts_of({"a"}), parts_of({"b"})});
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_THAT(batch[0].signature, HasSubstr("URI=\"/sig-hashchainresult.xml\""));
  EXPECT_THAT(batch[0].signature, HasSubstr("<xades:MimeType>application/hash-chain-result<"));
  EXPECT_EQ(batch[0].signature, batch[1].signature);
  EXPECT_EQ(batch[0].hash_chain_result, batch[1].hash_chain_result);
  EXPECT_NE(batch[0].hash_chain, batch[1].hash_chain);
  EXPECT_EQ(member.sign({parts_of({"a", "b"})}).front().hash_chain.empty(), false);
}

TEST(SignatureWriting, HasTheShapeThatJavaReads) {
  const TestMember member = TestMember::make();
  const std::string xml = member.sign({parts_of({"hello"})}).front().signature;
  // The signature is the very first child node, and names carry the usual prefixes.
  EXPECT_THAT(xml, HasSubstr("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><asic:XAdESSignatures "
                             "xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\""));
  EXPECT_THAT(xml,
              HasSubstr("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><ds:Signature Id=\"signature\">"));
  EXPECT_THAT(xml, HasSubstr("<xades:SigningTime>2026-05-28T20:26:40.000Z</xades:SigningTime>"));
  EXPECT_THAT(xml, HasSubstr("<xades:EncapsulatedOCSPValue Id=\"ocsp-response-1\">"));
  EXPECT_THAT(xml, testing::Not(HasSubstr("CompleteCertificateRefs")));
}

TEST(SignatureWriting, CarriesIntermediates) {
  TestMember member = TestMember::make();
  const TestCa below = member.ca.intermediate({{"CN", "Issuing"}});
  member.identity.intermediates = {below.certificate};
  EXPECT_EQ(SignatureBatch::prepare({parts_of({"x"})}, member.identity, TestMember::kNow).error().code,
            "cannot_create_signature");
  member.identity.ocsp_responses.push_back(member.ca.ocsp(below.certificate, TestMember::kNow));
  const std::string xml = member.sign({parts_of({"x"})}).front().signature;
  EXPECT_THAT(xml, HasSubstr("<xades:Cert URI=\"#encapsulated-cert-1\"><xades:CertDigest><ds:DigestMethod"));
  EXPECT_THAT(xml, HasSubstr("<xades:EncapsulatedX509Certificate Id=\"encapsulated-cert-1\">" +
                             to_base64(below.certificate.der())));
  EXPECT_THAT(xml, HasSubstr("Id=\"ocsp-response-2\""));
}

TEST(SignatureWriting, RefusesWhatCannotBeSigned) {
  TestMember member = TestMember::make();
  const auto code = [&](std::vector<MessageParts> messages) {
    auto batch = SignatureBatch::prepare(std::move(messages), member.identity, TestMember::kNow);
    return batch ? "" : batch.error().code;
  };
  EXPECT_EQ(code({}), "cannot_create_signature");
  EXPECT_EQ(code({{}}), "cannot_create_signature");
  EXPECT_EQ(code({{{"/attachment1", Bytes(64)}}}), "cannot_create_signature");
  member.identity.algorithm.scheme = pki::SignatureScheme::rsa_pkcs1;
  EXPECT_EQ(code({parts_of({"x"})}), "cannot_create_signature");
  member.identity.algorithm.scheme = pki::SignatureScheme::ecdsa;
  member.identity.ocsp_responses.clear();
  EXPECT_EQ(code({parts_of({"x"})}), "cannot_create_signature");
  auto batch = SignatureBatch::prepare({parts_of({"x"})}, TestMember::make().identity, TestMember::kNow);
  EXPECT_EQ(batch->complete({}).error().code, "cannot_create_signature");
  EXPECT_EQ(batch->complete(Bytes{1, 2, 3}).error().code, "cannot_create_signature");
}

}  // namespace
}  // namespace causeway::evidence
