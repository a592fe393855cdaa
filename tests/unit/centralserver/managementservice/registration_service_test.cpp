// SPDX-License-Identifier: MIT
// authCertReg, straight from a Security Server (trust.md 9.2).
#include "centralserver/registry/authentication_certificates.hpp"
#include "unit/centralserver/managementservice/services_fixture.hpp"

namespace causeway::centralserver {
namespace {

using namespace std::chrono_literals;

class RegistrationServiceTest : public ManagementServicesTest {
 protected:
  Identity key = authentication(), signer = signer_of_member(owner);

  // What is said of a request that `spoil` has changed.
  std::string spoilt(const std::function<void(Draft&)>& spoil) {
    Draft request = registration_draft(key, signer);
    spoil(request);
    return said(request);
  }
};

TEST_F(RegistrationServiceTest, ARequestIsStoredAndItsNumberComesBack) {
  const Answer answer = send(registration_draft(key, signer));
  EXPECT_EQ(answer.said, "number 1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "text/xml;charset=UTF-8");
  const ManagementRequest stored = request_number(1);
  EXPECT_EQ(stored.type, RequestType::AUTH_CERT_REGISTRATION);
  EXPECT_EQ(stored.origin, RequestOrigin::security_server);
  EXPECT_EQ(stored.status, RequestStatus::waiting);
  EXPECT_EQ(stored.server, server);
  EXPECT_EQ(stored.address, "ss1.example.org");
  EXPECT_EQ(stored.certificate, key.certificate.der());
  EXPECT_EQ(said(registration_draft(key, signer)), "internal_error: management_request_exists with statusCode 409");
}

TEST_F(RegistrationServiceTest, ADryRunIsJudgedAndNotStored) {
  EXPECT_EQ(said(registration_draft(key, signer, true)), "number 0");
  EXPECT_FALSE(management_request(open(), 1));
  Draft bare = registration_draft(key, signer, true);
  bare.member.reset();
  const Answer refused = post(*registration, "/managementservice/", "text/xml; charset=UTF-8", bare.soap.bytes);
  EXPECT_EQ(refused.status, 415) << "as in X-Road, where SOAP alone is no registration";
  const std::string alone = "--b\r\nContent-Type: text/xml\r\n\r\n" + to_text(bare.soap.bytes) + "\r\n--b--\r\n";
  EXPECT_EQ(
      post(*registration, "/managementservice/", "multipart/related; boundary=b", to_bytes(alone), &bare.soap).said,
      "invalid_request: Auth signature is missing");
}

TEST_F(RegistrationServiceTest, SignaturesAreOfTheseKeysAndOverThisMessage) {
  const Identity stranger = authentication();
  EXPECT_EQ(spoilt([&](Draft& request) { request.authentication->signature = sign(stranger.key, request.soap.bytes); }),
            "invalid_signature_value: Auth signature verification failed");
  EXPECT_EQ(spoilt([&](Draft& request) { request.authentication->signature = sign(key.key, to_bytes("else")); }),
            "invalid_signature_value: Auth signature verification failed");
  EXPECT_EQ(spoilt([&](Draft& request) { request.member->signature.value.back() ^= 1; }),
            "invalid_signature_value: Owner signature verification failed");
  EXPECT_EQ(spoilt([&](Draft& request) { request.member->signature.value.clear(); }),
            "invalid_signature_value: Owner signature verification failed");
}

TEST_F(RegistrationServiceTest, CertificatesAreApprovedOnesOfTheirKind) {
  EXPECT_EQ(spoilt([](Draft& request) { request.authentication->certificate = to_bytes("none"); }).substr(0, 22),
            "incorrect_certificate:");
  EXPECT_EQ(spoilt([&](Draft& request) { request.authentication->certificate = signer.certificate.der(); }),
            "cert_validation: Authentication certificate is not valid");
  EXPECT_EQ(spoilt([](Draft& request) { request.member->certificate = to_bytes("none"); }).substr(0, 22),
            "incorrect_certificate:");
  EXPECT_EQ(spoilt([&](Draft& request) { request.member->certificate = key.certificate.der(); }),
            "cert_validation: Member (owner/client) sign certificate is invalid");
  testing::TemporaryDirectory elsewhere;
  const auto unknown = *testca::TestCa::create(elsewhere / "ca", {.name = "Unknown", .ec_keys = true}, now());
  const auto foreign = *unknown->issue(*pki::DistinguishedName::parse("CN=x"), key.key.public_key(),
                                       testca::IssueKind::authentication, {}, now());
  EXPECT_EQ(spoilt([&](Draft& request) { request.authentication->certificate = foreign.der(); }),
            "internal_error: Certificate is not issued by approved certification service provider.");
  const auto namesake = *testca::TestCa::create(elsewhere / "same", {.ec_keys = true}, now());
  const auto forged = *namesake->issue(*pki::DistinguishedName::parse("CN=x"), key.key.public_key(),
                                       testca::IssueKind::authentication, {}, now());
  EXPECT_EQ(spoilt([&](Draft& request) { request.authentication->certificate = forged.der(); }),
            "internal_error: Authentication certificate was not issued by who it names")
      << "by a CA of the same name";
  const Identity another = authentication();
  EXPECT_EQ(spoilt([&](Draft& request) {
              request.authentication = {sign(another.key, request.soap.bytes), another.certificate.der()};
            }),
            "cert_validation: Authentication certificates do not match.");
}

TEST_F(RegistrationServiceTest, TheOwnersCertificateIsGoodNow) {
  const auto with_ocsp = [&](Bytes response) {
    return spoilt([&](Draft& request) { request.member->ocsp_response = std::move(response); });
  };
  const auto code = [](const std::string& text) { return text.substr(0, text.find(':')); };
  EXPECT_EQ(code(with_ocsp({})), "io_error");
  EXPECT_EQ(code(with_ocsp(to_bytes("none"))), "io_error");
  EXPECT_EQ(code(with_ocsp({0x30, 0x03, 0x0a, 0x01, 0x03})), "incorrect_validation_info") << "tryLater";
  EXPECT_EQ(code(with_ocsp(ocsp(key.certificate))), "incorrect_validation_info") << "of another certificate";
  EXPECT_EQ(code(with_ocsp(ocsp(signer.certificate, now() - 24h))), "incorrect_validation_info") << "an old one";
  ASSERT_TRUE(ca->revoke(signer.certificate.serial_decimal(), now()));
  EXPECT_EQ(code(with_ocsp(ocsp(signer.certificate))), "cert_validation");
}

TEST_F(RegistrationServiceTest, SenderOwnerAndServerBelongTogether) {
  const Identity theirs = signer_of_member(other);
  EXPECT_EQ(said(registration_draft(key, theirs)),
            "invalid_request: Subject identifier (MEMBER:EX/GOV/2) in certificate does not match security server owner"
            " identifier (MEMBER:EX/GOV/1) in request");
  const auto rewritten = [&](const std::string& from, const std::string& to) {
    return spoilt([&](Draft& request) {
      std::string text = to_text(request.soap.bytes);
      text.replace(text.find(from), from.size(), to);
      request.soap.bytes = to_bytes(text);
      request.member->signature = sign(signer.key, request.soap.bytes);
      request.authentication->signature = sign(key.key, request.soap.bytes);
    });
  };
  EXPECT_EQ(rewritten("<id:memberCode>1<", "<id:memberCode>2<"),
            "invalid_request: Sender does not match server owner.");
  EXPECT_EQ(rewritten("<id:subsystemCode>MGMT<", "<id:subsystemCode>OTHER<"),
            "invalid_request: Invalid management service address. Contact central server administrator.");
  EXPECT_EQ(rewritten("ss1.example.org", "http://ss1"), "invalid_request: Invalid server address");
  EXPECT_EQ(rewritten("<id:serverCode>ss1<", "<id:serverCode>s/1<"),
            "invalid_client_identifier: The management request contains an invalid identifier.");
  EXPECT_EQ(rewritten("<xroad:authCert>", "<xroad:authCert>?"),
            "cert_validation: Authentication certificates do not match.");
  EXPECT_EQ(rewritten("</xroad:server>", "").substr(0, 13), "invalid_soap:") << "not well-formed";
  EXPECT_EQ(rewritten("<xroad:authCertReg>", "<xroad:authCertReg xmlns:xroad=\"urn:other\">"),
            "invalid_soap: Unexpected content: authCertReg");
  EXPECT_EQ(spoilt([&](Draft& request) {
              std::string text = to_text(request.soap.bytes);
              text.replace(text.find("<id:serverCode>ss1<"), 19, "<id:serverCode>s/1<");
              request.soap.bytes = to_bytes(text);
            }),
            "invalid_signature_value: Auth signature verification failed")
      << "signatures come before what is signed";
  EXPECT_FALSE(management_request(open(), 1)) << "nothing of all that was stored";
}

}  // namespace
}  // namespace causeway::centralserver
