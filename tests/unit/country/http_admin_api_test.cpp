// SPDX-License-Identifier: MIT
#include "country/http_admin_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "net/http_server.hpp"
#include "net/io_threads.hpp"
#include "pki/certificate_builder.hpp"

namespace causeway::country {
namespace {

using ::testing::HasSubstr;

struct Identity {
  pki::PrivateKey key;
  pki::Certificate certificate;
};

pki::CertificateSpec spec(pki::CertificateKind kind, const std::string& name, std::vector<std::string> hosts = {}) {
  return {.kind = kind,
          .subject = *pki::DistinguishedName::parse("CN=" + name),
          .not_before = now() - std::chrono::hours(1),
          .not_after = now() + std::chrono::hours(24),
          .alt_names = std::move(hosts)};
}

Identity root(const std::string& name) {
  pki::PrivateKey key = *pki::PrivateKey::generate_ec();
  pki::Certificate certificate = *self_sign_certificate(spec(pki::CertificateKind::root_ca, name), key);
  return {std::move(key), std::move(certificate)};
}

Identity below(const Identity& ca, const std::string& host) {
  pki::PrivateKey key = *pki::PrivateKey::generate_ec();
  pki::Certificate certificate =
      *issue_certificate(spec(pki::CertificateKind::tls, "server", {host}), key.public_key(), ca.certificate, ca.key);
  return {std::move(key), std::move(certificate)};
}

class AServer : public ::testing::Test {
 protected:
  void serve(const Identity& identity) {
    net::TlsServerOptions options{{identity.key, {identity.certificate}}, {}, {}, {}, {}, true};
    auto tls = net::TlsServerContext::make(std::move(options));
    ASSERT_TRUE(tls) << tls.error().text;
    net::ListenOptions listening;
    listening.tls = *tls;
    auto started =
        net::HttpServer::start(threads_, std::move(listening), [this](net::ServerCall& call) { return answer(call); });
    ASSERT_TRUE(started) << started.error().text;
    server_ = *std::move(started);
  }

  net::Task<void> answer(net::ServerCall& call) {
    const std::string* const key = call.head().headers.find("Authorization");
    const bool is_known = key != nullptr && *key == "X-Road-ApiKey token=secret";
    const int status = busy_-- > 0 ? 429 : is_known && call.head().target == "/api/v1/x?y=1" ? 200 : 404;
    const std::string body = call.head().method;
    (void)co_await call.respond(net::ResponseHead{status, {}, {}}, as_bytes(body));
  }

  std::string outcome(ServerAddress address) const {
    address.url = "https://127.0.0.1:" + std::to_string(server_->port()) + "/";
    address.api_key = "secret";
    auto api = open_admin_api(std::move(address));
    if (!api) return api.error().text;
    const auto reply = (*api)->ask({.method = "DELETE", .path = "/x?y=1"});
    return reply ? std::to_string(reply->status) + " " + reply->body : reply.error().code + " " + reply.error().text;
  }

  net::IoThreads threads_{1};
  std::atomic<int> busy_ = 0;
  std::unique_ptr<net::HttpServer> server_;
};

TEST_F(AServer, IsTrustedForItsCaAndItsName) {
  const Identity ca = root("ca"), other = root("other");
  serve(below(ca, "127.0.0.1"));
  EXPECT_EQ(outcome({.trusted = {ca.certificate}}), "200 DELETE");
  EXPECT_EQ(outcome({.trusted = {other.certificate, ca.certificate}}), "200 DELETE");
  EXPECT_THAT(outcome({.trusted = {other.certificate}}), HasSubstr("ssl_authentication_failed"));
  EXPECT_THAT(outcome({}), HasSubstr("ssl_authentication_failed")) << "the machine knows no such CA";
}

TEST_F(AServer, OfAnotherNameIsNotTrustedForItsCa) {
  const Identity ca = root("ca");
  const Identity server = below(ca, "cs.example.org");
  serve(server);
  EXPECT_THAT(outcome({.trusted = {ca.certificate}}), HasSubstr("of another host"));
  EXPECT_EQ(outcome({.trusted = {server.certificate}}), "200 DELETE") << "it is itself what is trusted";
}

TEST_F(AServer, ThatIsPinnedNeedsNothingElse) {
  const Identity server = root("made by itself");
  serve(server);
  EXPECT_EQ(outcome({.pinned = NamedCertificate::of(server.certificate)}), "200 DELETE");
  EXPECT_EQ(outcome({.trusted = {server.certificate}}), "200 DELETE");
  const std::string refused =
      outcome({.trusted = {server.certificate}, .pinned = NamedCertificate::of_digest(std::string(64, '0'))});
  EXPECT_THAT(refused, HasSubstr("another certificate")) << "what is pinned counts alone";
  EXPECT_THAT(refused, HasSubstr(NamedCertificate::of(server.certificate).sha256));
}

TEST_F(AServer, ThatAsksForPatienceIsAskedAgain) {
  const Identity server = root("made by itself");
  serve(server);
  busy_ = 3;
  EXPECT_EQ(outcome({.trusted = {server.certificate}}), "200 DELETE");
  EXPECT_LT(busy_, 0);
}

}  // namespace
}  // namespace causeway::country
