// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "base/files.hpp"
#include "container_samples.hpp"
#include "evidence/names.hpp"
#include "evidence/signature_timestamp.hpp"
#include "support/locations.hpp"

namespace causeway::evidence {
namespace {

using namespace std::chrono_literals;

std::string shown(const ContainerReport& report) {
  std::string text;
  for (const Check& check : report.checks.all())
    text += check.name + " " + std::string(to_string(check.state)) + " " + check.code + " " + check.text + "\n";
  return text;
}

void expect_verdict(const ContainerReport& report, const std::string& name, const std::string& check,
                    const std::string& code) {
  const Check* const failure = report.checks.first_failure();
  EXPECT_EQ(failure ? failure->name : "", check) << name << "\n" << shown(report);
  EXPECT_EQ(failure ? failure->code : "", code) << name << "\n" << shown(report);
  EXPECT_EQ(report.good(), check.empty()) << name;
}

const ContainerMaker& maker() {
  static const ContainerMaker made;
  return made;
}

TEST(AsicVerifier, GivesEachContainerItsVerdict) {
  const auto cases = container_cases(maker());
  for (const ContainerCase& one : cases) expect_verdict(maker().verify(one.file), one.name, one.check, one.code);
  EXPECT_GT(cases.size(), 60u);
}

// The verdicts on the containers in tests/data/evidence, which write_evidence_vectors made.
TEST(AsicVerifier, GivesStoredContainersTheirVerdicts) {
  const auto folder = testing::source_directory() / "tests/data/evidence/containers";
  ASSERT_TRUE(std::filesystem::exists(folder / "cases.txt"));
  const auto ca = pki::Certificate::from_pem(*read_file(folder / "ca.pem"));
  const auto tsa = pki::Certificate::from_pem(*read_file(folder / "tsa.pem"));
  ASSERT_TRUE(ca && tsa);
  TestTrust authorities;
  authorities.add("XX",
                  {*ca, {}, {}, "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"});
  const AsicTrust trust{authorities, std::span(&*tsa, 1)};
  std::istringstream list(*read_file(folder / "cases.txt"));
  std::string name, check, code;
  int count = 0;
  while (list >> name >> check >> code) {
    const std::string file = *read_file(folder / (name + ".asice"));
    const bool good = check == "ok";
    expect_verdict(verify_container(as_bytes(file), trust), name, good ? "" : check, good ? "" : code);
    ++count;
  }
  EXPECT_GT(count, 60);
}

TEST(AsicVerifier, TellsWhatItFound) {
  const auto report = maker().verify(maker().batch({ContainerMaker::rest_request(), "{\"a\":1}"}));
  ASSERT_TRUE(report.good()) << shown(report);
  ASSERT_TRUE(report.message && report.signer && report.timestamp && report.timestamp_authority && report.ocsp);
  EXPECT_EQ(report.message->id, "query-2");
  EXPECT_EQ(report.message->protocol, MessageIdentity::Protocol::rest);
  EXPECT_EQ(report.message->sender().to_string(), "SUBSYSTEM:XX/COM/1234/SUB");
  EXPECT_EQ(report.message->service.to_string(), "SERVICE:XX/COM/1234/REG/things");
  EXPECT_EQ(report.message->subject, "POST /r1/XX/COM/1234/REG/things/7");
  EXPECT_EQ(*report.signer, maker().member().identity.certificate);
  EXPECT_EQ(report.signing_time, TestMember::kNow);
  EXPECT_EQ(report.timestamp->time, ContainerMaker::kStamped);
  EXPECT_EQ(*report.timestamp_authority, maker().tsa().certificate);
  EXPECT_EQ(report.ocsp->status, pki::CertificateStatus::good);
  ASSERT_EQ(report.attachments.size(), 1u);
  EXPECT_EQ(report.attachments[0].state, CheckState::passed);
  EXPECT_EQ(report.attachments[0].size, 7u);
}

TEST(AsicVerifier, NamesEveryCheckInOrder) {
  const auto names = [](const ContainerReport& report) {
    std::string text;
    for (const Check& check : report.checks.all()) text += check.name + " ";
    return text;
  };
  EXPECT_EQ(names(maker().verify(maker().single({ContainerMaker::soap_request()}))),
            "container signature timestamp timestamp_authority message certificate signer signature_value references "
            "certificate_path ocsp coverage manifest ");
  EXPECT_EQ(names(maker().verify(maker().batch({ContainerMaker::rest_request(), "x"}))),
            "container signature timestamp_chain timestamp timestamp_authority message hash_chain certificate signer "
            "signature_value references certificate_path ocsp attachment1 coverage manifest timestamp_manifest ");
}

TEST(AsicVerifier, LeavesAnAttachmentThatWasNotLoggedUnverified) {
  for (const ContainerCase& one : container_cases(maker())) {
    if (one.name != "attachment-not-logged-not-listed") continue;
    const auto report = maker().verify(one.file);
    ASSERT_EQ(report.attachments.size(), 1u);
    EXPECT_EQ(report.attachments[0].state, CheckState::unverified);
    EXPECT_FALSE(report.attachments[0].present);
    EXPECT_EQ(report.attachments[0].signed_digest, parts_of({"", "{\"a\":1}"})[1].digest);
    return;
  }
  FAIL() << "the case is gone";
}

TEST(AsicVerifier, JudgesAtTheTimeOfTheTimestampNotNow) {
  // The certificate's OCSP response is long out of date by any clock of today.
  EXPECT_TRUE(maker().verify(maker().single({ContainerMaker::soap_request()})).good());
  EXPECT_TRUE(maker().verify(maker().single({ContainerMaker::soap_request()}, TestMember::kNow + 1h)).good());
  EXPECT_FALSE(maker().verify(maker().single({ContainerMaker::soap_request()}, TestMember::kNow + 61min)).good());
}

TEST(AsicContainer, HoldsWhatWasPutIn) {
  const std::vector<std::string> contents{ContainerMaker::rest_request(), "{\"a\":1}"};
  const Bytes file = maker().batch(contents);
  const auto container = AsicContainer::read(file);
  ASSERT_TRUE(container) << container.error().text;
  EXPECT_EQ(container->message, contents[0]);
  EXPECT_EQ(container->time, ContainerMaker::kLogged);
  ASSERT_EQ(container->attachments.size(), 1u);
  EXPECT_EQ(container->attachments[0].digest, parts_of(contents)[1].digest);
  Bytes body;
  ASSERT_TRUE(container->read_attachment(container->attachments[0], append_to(body)));
  EXPECT_EQ(to_text(body), contents[1]);
  EXPECT_TRUE(container->has("/message.xml"));
  EXPECT_FALSE(container->has("attachment2"));
}

TEST(AsicContainer, IsWrittenAsXRoadWritesIt) {
  const Bytes file = maker().batch({ContainerMaker::rest_request(), "x"});
  const auto zip = ZipReader::open(file);
  std::string names;
  for (const ZipEntry& entry : zip->entries()) {
    names += entry.name + " ";
    EXPECT_TRUE(entry.deflated) << entry.name;
    EXPECT_EQ(entry.modified, ContainerMaker::kLogged) << entry.name;
  }
  EXPECT_EQ(names,
            "mimetype message.xml META-INF/signatures.xml sig-hashchainresult.xml sig-hashchain.xml "
            "ts-hashchainresult.xml ts-hashchain.xml META-INF/manifest.xml META-INF/ASiCManifest.xml "
            "META-INF/timestamp.tst attachment1 ");
  EXPECT_EQ(zip->comment(), "mimetype=application/vnd.etsi.asic-e+zip");
}

TEST(SignatureTimestamp, ChangesNothingElseInTheDocument) {
  const std::string signature = maker().member().sign({parts_of({"hello"})}).front().signature;
  const auto stamped = with_signature_timestamp(signature, Bytes{1, 2, 3});
  ASSERT_TRUE(stamped) << stamped.error().text;
  const std::string added =
      "<xades:SignatureTimeStamp><xades:EncapsulatedTimeStamp>AQID</xades:EncapsulatedTimeStamp>"
      "</xades:SignatureTimeStamp>";
  const std::string mark = "<xades:UnsignedSignatureProperties>";
  std::string expected = signature;
  expected.insert(expected.find(mark) + mark.size(), added);
  EXPECT_EQ(*stamped, expected);
  EXPECT_EQ(*stamped_octets(*stamped), *stamped_octets(signature));
  EXPECT_EQ(with_signature_timestamp(*stamped, Bytes{1}).error().code, "malformed_signature");
  EXPECT_EQ(with_signature_timestamp("<a/>", Bytes{1}).error().code, "malformed_signature");
  EXPECT_FALSE(with_signature_timestamp("<a", Bytes{1}));
}

TEST(SignatureTimestamp, ChainsLeadFromEverySignatureToWhatIsStamped) {
  std::vector<std::string> signatures;
  std::vector<Bytes> digests;
  for (int i = 0; i < 7; ++i) {
    signatures.push_back("<signature" + std::to_string(i) + "/>");
    digests.push_back(pki::digest(pki::DigestAlgorithm::sha512, as_bytes(signatures.back())));
  }
  const HashTree tree = timestamp_tree(digests, pki::DigestAlgorithm::sha512);
  EXPECT_NE(tree.result().find("URI=\"/ts-hashchain.xml#STEP0\""), std::string::npos);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_TRUE(verify_timestamp_chain(tree.result(), tree.chain(i), signatures[i]));
    EXPECT_NE(tree.chain(i).find("URI=\"/META-INF/signatures.xml\""), std::string::npos);
    EXPECT_EQ(verify_timestamp_chain(tree.result(), tree.chain(i), signatures[(i + 1) % 7]).error().code,
              "malformed_signature");
  }
  const HashTree one = timestamp_tree({digests.front()}, pki::DigestAlgorithm::sha512);
  EXPECT_TRUE(verify_timestamp_chain(one.result(), one.chain(0), signatures[0]));
}

TEST(MessageIdentity, TellsWhoSentAMessage) {
  const auto request = identify_message(ContainerMaker::soap_request());
  ASSERT_TRUE(request) << request.error().text;
  EXPECT_FALSE(request->response);
  EXPECT_EQ(request->id, "query-1");
  EXPECT_EQ(request->user_id, "EE1");
  EXPECT_EQ(request->sender().to_string(), "SUBSYSTEM:XX/COM/1234/SUB");
  const auto response = identify_message(ContainerMaker::soap_response());
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->response);
  EXPECT_EQ(response->sender().to_string(), "SUBSYSTEM:XX/COM/1234/REG");
  EXPECT_EQ(response->client.to_string(), "SUBSYSTEM:XX/COM/77/SUB");
  const auto rest = identify_message(ContainerMaker::rest_response());
  ASSERT_TRUE(rest) << rest.error().text;
  EXPECT_TRUE(rest->response);
  EXPECT_EQ(rest->subject, "200 OK");
  EXPECT_EQ(rest->sender().to_string(), "SUBSYSTEM:XX/COM/1234/REG");
  for (const char* none : {"", " ", "<a/>", "hello", "<e:Envelope"}) EXPECT_FALSE(identify_message(none)) << none;
  EXPECT_EQ(identify_message("<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                             "<SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>a</faultcode><faultstring>b</faultstring>"
                             "</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>")
                .error()
                .code,
            "invalid_message");
}

}  // namespace
}  // namespace causeway::evidence
