// SPDX-License-Identifier: MIT
#include "testca/services.hpp"

#include "unit/testca/folder.hpp"

namespace causeway::testca {
namespace {

class Services : public WithTestCa {
 protected:
  Bytes csr(pki::CsrUse use) {
    return *pki::make_csr({.subject = subject("C=FI, O=Org, CN=1234"), .use = use, .alt_names = {"ss.example"}}, key_);
  }
  ServiceAnswer post(std::string target, Bytes body, std::string type = "") {
    return answer(
        *ca_, {.method = "POST", .target = std::move(target), .content_type = std::move(type), .body = std::move(body)},
        kNoon);
  }
  ServiceAnswer get(std::string target) {
    return answer(*ca_, {.method = "GET", .target = std::move(target), .content_type = {}, .body = {}}, kNoon);
  }
  static pki::Certificate certificate_in(const ServiceAnswer& reply) {
    EXPECT_EQ(reply.status, 200) << to_text(reply.body);
    return *pki::Certificate::from_pem(as_text(reply.body));
  }
};

TEST_F(Services, SignsARequestFromTheBody) {
  for (const Bytes& form : {csr(pki::CsrUse::none), to_bytes(pki::csr_to_pem(csr(pki::CsrUse::none)))}) {
    const pki::Certificate certificate = certificate_in(post("/ca/sign?type=sign", form));
    EXPECT_TRUE(certificate.is_signing());
    EXPECT_EQ(certificate.subject_rfc2253(), "CN=1234,O=Org,C=FI");
    EXPECT_EQ(certificate.alt_names(), std::vector<std::string>{"ss.example"});
    EXPECT_EQ(certificate.public_key(), key_.public_key());
  }
  EXPECT_TRUE(certificate_in(post("/ca/sign?type=auth", csr(pki::CsrUse::none))).is_authentication());
}

TEST_F(Services, SignsAFormAsXRoadsTestCaTakesIt) {
  const auto form = [&](std::string_view type, std::string_view filename) {
    std::string body = "--xx\r\nContent-Disposition: form-data; name=\"certreq\"; filename=\"" + std::string(filename) +
                       "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + to_text(csr(pki::CsrUse::none)) +
                       "\r\n";
    if (!type.empty()) {
      body += "--xx\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n" + std::string(type) + "\r\n";
    }
    return to_bytes(body + "--xx--\r\n");
  };
  const std::string content_type = "multipart/form-data; boundary=xx";
  EXPECT_TRUE(certificate_in(post("/testca/sign", form("auth", "sign_csr_1.der"), content_type)).is_authentication());
  const ServiceAnswer named = post("/testca/sign", form("auto", "some/folder/sign_csr_20260301_1.der"), content_type);
  EXPECT_TRUE(certificate_in(named).is_signing());
  EXPECT_EQ(named.filename, "sign_crt_20260301_1.pem");
  EXPECT_TRUE(certificate_in(post("/testca/sign", form("", "auth_csr_1.der"), content_type)).is_authentication());
  EXPECT_EQ(post("/testca/sign", to_bytes("--xx--\r\n"), content_type).status, 400);
}

TEST_F(Services, ChoosesTheKindThatTheRequestAsksFor) {
  EXPECT_TRUE(certificate_in(post("/ca/sign", csr(pki::CsrUse::signing))).is_signing());
  EXPECT_TRUE(certificate_in(post("/ca/sign", csr(pki::CsrUse::authentication))).is_authentication());
  EXPECT_EQ(post("/ca/sign?type=boss", csr(pki::CsrUse::signing)).status, 400);
}

TEST_F(Services, RefusesWhatIsNoRequest) {
  EXPECT_EQ(post("/ca/sign?type=sign", to_bytes("rubbish")).status, 400);
  EXPECT_EQ(post("/ca/sign?type=sign", {}).status, 400);
  EXPECT_EQ(post("/elsewhere", {}).status, 404);
  EXPECT_EQ(get("/ca/sign").status, 404);
}

TEST_F(Services, HandsOutItsCertificates) {
  EXPECT_EQ(certificate_in(get("/ca/certs/root.pem")), ca_->root());
  EXPECT_EQ(certificate_in(get("/ca/certs/tsa.pem")), ca_->tsa());
  EXPECT_EQ(certificate_in(get("/ca/certs")), ca_->root());
  EXPECT_EQ(get("/ca/certs/../root.key").status, 404);
}

TEST_F(Services, RevokesAndListsBySerialNumber) {
  const pki::Certificate certificate = issued();
  const std::string serial = certificate.serial_decimal();
  EXPECT_EQ(post("/ca/revoke?serial=" + serial, {}).status, 200);
  EXPECT_NE(to_text(get("/ca/issued").body).find("\"revoked_at\":\"2026-03-01T12:00:00Z\""), std::string::npos);
  EXPECT_EQ(post("/ca/unrevoke?serial=" + serial, {}).status, 200);
  EXPECT_EQ(to_text(get("/ca/issued").body).find("2026-03-01T12:00:00Z\"}"), std::string::npos);
  EXPECT_EQ(post("/ca/revoke?serial=1", {}).status, 404);
}

TEST_F(Services, AnswersOcspByPostAndByPath) {
  const pki::Certificate certificate = issued();
  const Bytes request = pki::make_ocsp_request(certificate, ca_->ca());
  const ServiceAnswer by_post = post("/ocsp", request, "application/ocsp-request");
  EXPECT_EQ(by_post.content_type, "application/ocsp-response");
  EXPECT_EQ(pki::read_ocsp_response(by_post.body)->status, pki::CertificateStatus::good);
  std::string path = to_base64(request);
  EXPECT_EQ(pki::read_ocsp_response(get("/ocsp/" + path).body)->status, pki::CertificateStatus::good);
  for (std::size_t at = 0; (at = path.find_first_of("+/=", at)) != std::string::npos; at += 3) {
    path.replace(at, 1, path[at] == '+' ? "%2B" : (path[at] == '/' ? "%2F" : "%3D"));
  }
  EXPECT_EQ(pki::read_ocsp_response(get("/ocsp/" + path).body)->status, pki::CertificateStatus::good);
  EXPECT_EQ(get("/ocsp/%").status, 400);
  EXPECT_EQ(get("/ocsp/%zz").status, 400);
  EXPECT_EQ(get("/ocsp/{}").status, 400);
  EXPECT_FALSE(pki::read_ocsp_response(post("/ocsp", to_bytes("rubbish")).body));
}

TEST_F(Services, GivesTimestamps) {
  const Bytes imprint = pki::digest(pki::DigestAlgorithm::sha512, as_bytes("x"));
  const ServiceAnswer reply = post("/tsa", pki::make_timestamp_request(pki::DigestAlgorithm::sha512, imprint));
  EXPECT_EQ(reply.content_type, "application/timestamp-reply");
  EXPECT_TRUE(pki::token_of_response(reply.body, pki::DigestAlgorithm::sha512, imprint));
}

}  // namespace
}  // namespace causeway::testca
