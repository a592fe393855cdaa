// SPDX-License-Identifier: MIT
#include "globalconf/signed_directory.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/configuration_fault.hpp"
#include "support/locations.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

const TimePoint kNow = time_of("2026-03-01T10:00:00Z");

SignedDirectory sample_directory() {
  SignedDirectory directory{time_of("2026-03-01T10:10:00Z"), "6", {}};
  directory.parts.push_back({"SHARED-PARAMETERS",
                             "DEV",
                             "/V6/20260301100000123456789/shared-params.xml",
                             {},
                             pki::DigestAlgorithm::sha512,
                             pki::digest(pki::DigestAlgorithm::sha512, as_bytes("s"))});
  directory.parts.push_back({"FOO", "DEV", "/V6/x", "foo.xml", pki::DigestAlgorithm::sha256,
                             pki::digest(pki::DigestAlgorithm::sha256, as_bytes("f"))});
  return directory;
}

std::vector<Bytes> certificates() {
  return {to_bytes("no certificate"), sample_pki().external_certificate.der(), sample_pki().internal_certificate.der()};
}

std::string signed_sample() {
  auto document = sign_directory(sample_directory(), sample_pki().internal().active);
  EXPECT_TRUE(document);
  return *std::move(document);
}

std::string verdict(std::string_view document, TimePoint at = kNow) {
  auto directory = open_signed_directory(document, certificates(), at);
  return directory ? "ok" : directory.error().code;
}

// Signs content as it is, in an envelope written by hand.
std::string envelope(const std::string& content, const std::string& line_end = "\n",
                     const std::string& hash_parameter = "hash-algorithm-id=") {
  const SamplePki& keys = sample_pki();
  const auto algorithm = keys.internal().active.algorithm;
  const std::string signature = to_base64(*keys.internal_key.sign(algorithm, as_bytes(content)));
  const auto hash = pki::digest(pki::DigestAlgorithm::sha256, keys.internal_certificate.der());
  std::string out;
  const auto line = [&](const std::string& text) { out += text + line_end; };
  line("content-type: multipart/related; type=\"multipart/mixed\"; boundary=\"OUT\"");
  line("");
  line("--OUT");
  line("content-type: multipart/mixed;");
  line("  boundary=IN");
  line("");
  line(content);
  line("--OUT");
  line("CONTENT-TYPE: application/octet-stream");
  line("content-transfer-encoding: base64");
  line("signature-algorithm-id: " + pki::signature_uri(algorithm));
  line("verification-certificate-hash: " + to_base64(hash) + "; " + hash_parameter +
       "http://www.w3.org/2001/04/xmlenc#sha256");
  line("");
  line(signature);
  out += "--OUT--";
  return out;
}

std::string part(const std::string& identifier) {
  return "--IN\ncontent-type: application/octet-stream\ncontent-transfer-encoding: base64\ncontent-identifier: " +
         identifier +
         "\ncontent-location: /a/shared-params.xml\nhash-algorithm-id: http://www.w3.org/2001/04/xmlenc#sha256\n\n" +
         to_base64(pki::digest(pki::DigestAlgorithm::sha256, as_bytes("s"))) + "\n";
}

const std::string kHead = "--IN\nExpire-date: 2026-03-01T10:10:00.123Z\nVersion: 5\n\n\n";

TEST(SignedDirectory, IsReadAsItWasWritten) {
  auto read = open_signed_directory(signed_sample(), certificates(), kNow);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->expires, time_of("2026-03-01T10:10:00Z"));
  EXPECT_EQ(read->version_number(), 6);
  ASSERT_EQ(read->parts.size(), 2U);
  EXPECT_EQ(read->parts[0].content_identifier, "SHARED-PARAMETERS");
  EXPECT_EQ(read->parts[0].instance, "DEV");
  EXPECT_EQ(read->parts[0].location, "/V6/20260301100000123456789/shared-params.xml");
  EXPECT_EQ(read->parts[0].hash, sample_directory().parts[0].hash);
  EXPECT_EQ(read->parts[1].file_name, "foo.xml");
  EXPECT_EQ(read->parts[1].hash_algorithm, pki::DigestAlgorithm::sha256);
}

TEST(SignedDirectory, IsWrittenInTheFormOfACentralServer) {
  const std::string document = signed_sample();
  EXPECT_EQ(document.find("Content-Type: multipart/related; charset=UTF-8; boundary="), 0U);
  EXPECT_NE(document.find("Content-identifier: SHARED-PARAMETERS; instance='DEV'\r\n"), std::string::npos);
  EXPECT_NE(document.find("Version: 6\r\n\r\n--"), std::string::npos);
  EXPECT_NE(document.find("; hash-algorithm-id=\"http://www.w3.org/2001/04/xmlenc#sha512\"\r\n"), std::string::npos);
  for (std::size_t i = 0; i < document.size(); ++i)
    if (document[i] == '\n') {
      ASSERT_EQ(document[i - 1], '\r');
    }
}

TEST(SignedDirectory, AcceptsTheFormsOfOtherWriters) {
  for (const char* instance : {"instance=DEV", "instance='DEV'", "instance=\"DEV\"", " instance = DEV "}) {
    const std::string content = kHead + part(std::string("SHARED-PARAMETERS;") + instance) + "--IN--\n";
    for (const char* line_end : {"\n", "\r\n"}) {
      auto read = open_signed_directory(envelope(content, line_end), certificates(), kNow);
      ASSERT_TRUE(read) << instance << ": " << read.error().text;
      EXPECT_EQ(read->parts.at(0).instance, "DEV");
      EXPECT_EQ(read->version_number(), 5);
    }
  }
  const std::string content = kHead + part("SHARED-PARAMETERS; instance=DEV") + "--IN--\n";
  EXPECT_EQ(verdict(envelope(content, "\n", "hash-algorithm-id=")), "ok");
  // The closing inner delimiter may be missing, and so may the line end before it.
  std::string open_ended = kHead + part("SHARED-PARAMETERS; instance=DEV");
  open_ended.pop_back();
  EXPECT_EQ(verdict(envelope(open_ended)), "ok");
}

TEST(SignedDirectory, AMissingVersionMeansTwo) {
  auto read = open_signed_directory(
      envelope("--IN\nExpire-date: 2026-03-01T10:10:00Z\n\n\n" + part("SHARED-PARAMETERS; instance=DEV")),
      certificates(), kNow);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_FALSE(read->version);
  EXPECT_EQ(read->version_number(), 2);
}

TEST(SignedDirectory, EveryChangedOctetOfTheSignedDataIsNoticed) {
  const std::string document = signed_sample();
  const std::size_t begin = document.find("Expire-date");
  const std::size_t end = document.find("Signature-Algorithm-Id");
  for (std::size_t i = begin; i < end - 200; i += 7) {
    std::string changed = document;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_NE(verdict(changed), "ok") << i;
  }
}

TEST(SignedDirectory, FaultsAreNamedAsXroadNamesThem) {
  const std::string good = kHead + part("SHARED-PARAMETERS; instance=DEV");
  const auto replaced = [](std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  const std::string document = envelope(good);
  struct Case {
    const char* what;
    std::string document;
    std::string_view code;
  };
  const Case cases[] = {
      {"nothing", "", kDirectoryParsingFailure},
      {"no MIME", "hello\n", kDirectoryParsingFailure},
      {"no parts", "Content-Type: multipart/related; boundary=A\n\nx\n", kMissingSignedData},
      {"no signature", document.substr(0, document.find("--OUT\nCONTENT")), kMissingExpirationDate},
      {"three parts", replaced(document, "--OUT--", "--OUT\n\nmore\n--OUT--"), kDirectoryParsingFailure},
      {"wrong type of the signature",
       replaced(document, "TYPE: application/octet-stream", "TYPE: application/octet-stream; a=b"),
       kHeaderFieldWrongValue},
      {"unknown signature algorithm", replaced(document, "ecdsa-sha512", "ecdsa-sha7"), kHeaderFieldWrongValue},
      {"SHA-1 signature", replaced(document, "ecdsa-sha512", "ecdsa-sha1"), kHeaderFieldWrongValue},
      {"no algorithm", replaced(document, "signature-algorithm-id", "x"), kHeaderFieldMissing},
      {"no certificate hash", replaced(document, "verification-certificate-hash", "x"), kHeaderFieldMissing},
      {"no hash algorithm", replaced(document, "hash-algorithm-id=", "x="), kHeaderFieldMissingParameter},
      {"another certificate",
       replaced(document, "verification-certificate-hash: ", "verification-certificate-hash: AAAA"),
       kMissingVerificationCert},
      {"expired", envelope(replaced(good, "2026-03-01T10:10", "2026-03-01T09:10")), kOutdated},
      {"no date", envelope(replaced(good, "Expire-date", "Expires")), kHeaderFieldMissing},
      {"bad date", envelope(replaced(good, "2026-03-01T10:10:00.123Z", "tomorrow")), kHeaderFieldWrongValue},
      {"no instance", envelope(kHead + part("SHARED-PARAMETERS")), kHeaderFieldMissingParameter},
      {"no location", envelope(replaced(good, "content-location", "x")), kHeaderFieldMissing},
      {"no digest algorithm", envelope(replaced(good, "hash-algorithm-id", "x")), kHeaderFieldMissing},
      {"SHA-1 part",
       envelope(replaced(good, "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1")),
       kHeaderFieldWrongValue},
      {"wrong encoding", envelope(replaced(good, "base64", "7bit")), kHeaderFieldWrongValue},
      {"no header", envelope(replaced(good, "content-location: ", "content-location ")), kDirectoryParsingFailure},
  };
  EXPECT_EQ(verdict(document), "ok");
  for (const Case& c : cases) EXPECT_EQ(verdict(c.document), c.code) << c.what;
}

TEST(SignedDirectory, RsaAndEcKeysSign) {
  const SignedDirectory directory = sample_directory();
  for (const DirectorySigner& signer : {sample_pki().internal().active, sample_pki().external().active}) {
    auto document = sign_directory(directory, signer);
    ASSERT_TRUE(document);
    EXPECT_EQ(verdict(*document), "ok");
    // A certificate of the other key does not verify it.
    const std::vector<Bytes> other = {signer.certificate == sample_pki().internal_certificate
                                          ? sample_pki().external_certificate.der()
                                          : sample_pki().internal_certificate.der()};
    auto refused = open_signed_directory(*document, other, kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, kMissingVerificationCert);
  }
}

TEST(SignedDirectory, VectorsHaveXroadsVerdicts) {
  const auto root = testing::xroad_vectors();
  if (!root) GTEST_SKIP() << "no X-Road vectors here";
  const auto folder = *root / "service/configuration-client/configuration-client-core/src/test/resources";
  const auto certificate = read_file(*root / "common/common-test/src/test/certs/consumer.pem");
  ASSERT_TRUE(certificate);
  const std::vector<Bytes> signer = {to_bytes(*certificate)};
  const std::pair<const char*, std::string_view> cases[] = {
      {"test-conf-simple.txt", "ok"},
      {"test-conf-detached.txt", "ok"},
      {"test-conf-malformed.txt", kMissingExpirationDate},
      {"test-conf-missing-date.txt", kHeaderFieldMissing},
      {"test-conf-missing-signature.txt", kSignatureVerificationFailure},
      {"test-conf-invalid-signature.txt", kSignatureVerificationFailure},
      {"conf1.txt", kHeaderFieldMissing},
  };
  for (const auto& [name, expected] : cases) {
    const auto document = read_file(folder / name);
    ASSERT_TRUE(document);
    auto read = open_signed_directory(*document, signer, time_of("2026-05-20T00:00:00Z"));
    EXPECT_EQ(read ? "ok" : read.error().code, expected) << name << (read ? "" : ": " + read.error().text);
    if (!read || expected != "ok") continue;
    EXPECT_EQ(read->version_number(), 2);
    EXPECT_EQ(read->parts.at(0).instance, "EE");
    auto late = open_signed_directory(*document, signer, time_of("2026-05-21T00:00:00Z"));
    EXPECT_EQ(late ? "ok" : late.error().code, kOutdated);
    auto stranger = open_signed_directory(*document, certificates(), time_of("2026-05-20T00:00:00Z"));
    EXPECT_EQ(stranger ? "ok" : stranger.error().code, kMissingVerificationCert);
  }
}

}  // namespace
}  // namespace causeway::globalconf
