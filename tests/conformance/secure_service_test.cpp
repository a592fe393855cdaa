// SPDX-License-Identifier: MIT
// TLS towards the services of information systems (messages.md 3.3).
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "case.hpp"
#include "requests.hpp"

namespace causeway::conformance {
namespace {

class SecureService : public ::testing::Test {
 protected:
  void SetUp() override {
    Country::shared().secure_services().take_requests();
    Country::shared().services().answer_with([](const ServiceRequest&) { return http_answer("text/xml", "<x/>"); });
  }
  // `subsystem` says which certificate is registered for the services (country.hpp).
  static Answer soap(const std::string& subsystem, const std::string& service) {
    const auto provider = *ClientId::make("DEV", "COM", "provider", subsystem);
    return post_soap(soap_request(Country::shared().app(), provider, service, "t-" + subsystem + "-" + service));
  }
  static Answer rest(const std::string& subsystem, const std::string& service) {
    return send_rest("POST", "/r1/DEV/COM/provider/" + subsystem + "/" + service, {}, "x");
  }
  static pki::Certificate internal_certificate() {
    const auto file = Country::shared().provider_directory() / "ssl" / "internal.crt";
    return *pki::Certificate::from_pem(*read_file(file));
  }
  // Both protocols are served, and the service was shown the server's internal certificate.
  static void serves(const std::string& subsystem, const std::string& soap_service, const std::string& rest_service) {
    const Answer answer = soap(subsystem, soap_service);
    EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
    EXPECT_NE(answer.body.find(soap_service + "Response"), std::string::npos) << answer.body;
    const Answer got = rest(subsystem, rest_service);
    EXPECT_EQ(got.status, 200) << got.body << got.problem;
    const auto seen = Country::shared().secure_services().take_requests();
    ASSERT_EQ(seen.size(), 2u);
    for (const auto& request : seen) {
      ASSERT_FALSE(request.shown.empty());
      EXPECT_EQ(request.shown.front(), internal_certificate());
    }
  }
  static void refuses(const Answer& answer, const std::string& code) {
    EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
    EXPECT_TRUE(Country::shared().secure_services().take_requests().empty());
  }
};

TEST_F(SecureService, SslToServiceAuth) {
  describes("a service whose certificate is registered; it is shown the server's internal certificate");
  serves("tls", "verified", "restVerified");
}

TEST_F(SecureService, SslToServiceNoAuth) {
  describes("any certificate will do for a service that is not verified");
  serves("tlsnone", "unverified", "restUnverified");
  serves("tlswrong", "unverified", "restUnverified");
}

TEST_F(SecureService, SslToServiceNoISCerts) {
  const auto code = expects("a verified service of a client without registered certificates",
                            "server.serverproxy.service_failed.ssl_authentication_failed");
  refuses(soap("tlsnone", "verified"), code);
}

TEST_F(SecureService, SslToServiceWrongISCert) {
  const auto code = expects("a verified service that shows a certificate which is not registered",
                            "server.serverproxy.service_failed.ssl_authentication_failed");
  refuses(soap("tlswrong", "verified"), code);
}

TEST_F(SecureService, RestSslToServiceNoISCerts) {
  const auto code = expects("the same in REST", "server.serverproxy.ssl_authentication_failed");
  refuses(rest("tlsnone", "restVerified"), code);
  refuses(rest("tlswrong", "restVerified"), code);
}

TEST_F(SecureService, ServiceRefusesCertificate) {
  const auto code =
      expects("a service that refuses the server's internal certificate", "server.serverproxy.service_failed.io_error");
  refuses(soap("tls", "suspicious"), code);
}

TEST_F(SecureService, RestServiceRefusesCertificate) {
  const auto code = expects("the same in REST", "server.serverproxy.io_error");
  refuses(rest("tls", "restSuspicious"), code);
}

TEST_F(SecureService, ServiceWithoutTls) {
  const auto code =
      expects("a service that does not speak TLS though its URL says so", "server.serverproxy.service_failed.io_error");
  refuses(soap("tls", "plain"), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(SecureService, RestServiceWithoutTls) {
  const auto code = expects("the same in REST", "server.serverproxy.io_error");
  refuses(rest("tls", "restPlain"), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

}  // namespace
}  // namespace causeway::conformance
