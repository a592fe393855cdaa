// SPDX-License-Identifier: MIT
// Requests to the centre with a signer's keys, over HTTPS: straight, and through a proxy.
#include "securityserver/management/request_sender.hpp"

#include "base/files.hpp"
#include "securityserver/management/certificate_statuses.hpp"
#include "securityserver/management/owner_change.hpp"
#include "signer/server.hpp"
#include "support/request_body.hpp"
#include "unit/centralserver/managementservice/services_fixture.hpp"
#include "unit/securityserver/management/centre_view.hpp"
#include "unit/signer/signer_fixture.hpp"

namespace causeway::securityserver {
namespace {

using centralserver::ManagementServicesTest;
using centralserver::RequestStatus;

class RequestSenderTest : public ManagementServicesTest {
 protected:
  void SetUp() override {
    ManagementServicesTest::SetUp();
    server_ = *signer::SignerServer::start(keys_.manager(), {.socket_path = keys_.socket()});
    signer_ = std::make_unique<signer::SignerConnection>(*signer::SignerConnection::open(keys_.socket()));
    const auto subject = testca::signing_subject(*pki::CertificateProfile::from_class(centralserver::kProfile), owner,
                                                 server, {.member_name = "A member"});
    signing = new_certificate(*subject, testca::IssueKind::sign, owner, false);
    authentication_id =
        new_certificate(*pki::DistinguishedName::parse("CN=ss1"), testca::IssueKind::authentication, {}, true)
            .certificate_id;
    tls_ = {*pki::PrivateKey::generate_ec(), {}};
    tls_.chain = {*ca->issue(*pki::DistinguishedName::parse("CN=cs"), tls_.key.public_key(), testca::IssueKind::tls,
                             {"localhost"}, now())};
    const auto context =
        *net::TlsServerContext::make({.identity = tls_, .suites = {}, .acceptable_issuers = {}, .check = {}});
    centre_ = *net::HttpServer::start(threads, {.tls = context, .limits = {}},
                                      [this](net::ServerCall& call) { return services->serve_registration(call); });
    proxy_ = *net::HttpServer::start(threads, {.tls = context, .limits = {}},
                                     [this](net::ServerCall& call) { return pass_on(call); });
    view.management().registration_address =
        "https://localhost:" + std::to_string(centre_->port()) + "/managementservice/";
    view.management().registration_tls_cert = tls_.chain.front().der();
  }

  signer::ImportedCertificate new_certificate(const pki::DistinguishedName& subject, testca::IssueKind kind,
                                              std::optional<ClientId> member, bool rsa) {
    const auto key = signer_->generate_key({.rsa = rsa});
    signer::SignerDirectory::must(key);
    signer::CsrOptions csr{.key_id = key->id,
                           .usage = member ? signer::KeyUsage::signing : signer::KeyUsage::authentication,
                           .member = member,
                           .subject = subject.to_string(),
                           .alternative_name = {},
                           .certificate_profile = {}};
    signer::SignerDirectory::must(signer_->generate_csr(csr));
    const auto certificate = ca->issue(subject, *pki::PublicKey::from_spki(key->public_key), kind, {}, now());
    signer::SignerDirectory::must(certificate);
    if (member) {
      signer::SignerDirectory::must(make_directories(directory / "ocsp"));
      const std::string name = certificate->hash_hex(pki::DigestAlgorithm::sha1) + ".ocsp";
      signer::SignerDirectory::must(write_file_atomically(directory / ("ocsp/" + name), to_text(ocsp(*certificate))));
    }
    auto imported = signer_->import_certificate({.certificate = *certificate, .member = member, .status = {}});
    signer::SignerDirectory::must(imported);
    return *std::move(imported);
  }

  // The exchange, in short: what comes in goes to the second door.
  net::Task<void> pass_on(net::ServerCall& call) {
    const Bytes body = co_await testing::body_of(call);
    net::RequestHead head;
    head.method = "POST";
    head.headers.add("Content-Type", *call.head().headers.find("Content-Type"));
    const auto client = net::HttpClient::make(threads.at(0));
    auto answer = co_await client->fetch(
        {.tls = false, .endpoint = {"127.0.0.1", management->port()}, .target = "/managementservice/manage/"},
        std::move(head), body, 1 << 20, nullptr, {});
    if (!answer) co_return call.abort();
    net::ResponseHead told{answer->head.status, {}, {}};
    told.headers.add("Content-Type", *answer->head.headers.find("Content-Type"));
    (void)co_await call.respond(std::move(told), answer->body);
  }

  std::string send(const CentreRequest& request) {
    OcspCache cache(directory / "ocsp");
    cache.reload();
    RequestSender sender({.proxy = {"localhost", proxy_->port()}, .identity = {}}, *signer_, cache);
    const auto number = sender.send(request, view);
    return number ? "number " + std::to_string(*number) : number.error().code;
  }
  CentreRequest registration_request() {
    const auto found = authentication_certificate(*signer_->list_tokens(), authentication_id);
    return {.service = CentreService::authCertReg,
            .server = server,
            .address = "ss1.example.org",
            .certificate = found->certificate.certificate.der()};
  }

  signer::ImportedCertificate signing;
  std::string authentication_id;
  CentreView view{provider};

 private:
  signer::SignerDirectory keys_;
  std::unique_ptr<signer::SignerServer> server_;

 protected:
  std::unique_ptr<signer::SignerConnection> signer_;

 private:
  net::TlsIdentity tls_{*pki::PrivateKey::generate_ec(), {}};
  std::unique_ptr<net::HttpServer> centre_, proxy_;
};

TEST_F(RequestSenderTest, RegistersACertificateByBothKeys) {
  CentreRequest request = registration_request();
  request.dry_run = true;
  EXPECT_EQ(send(request), "number 0");
  request.dry_run = false;
  EXPECT_EQ(send(request), "number 1");
  EXPECT_EQ(request_number(1).certificate, request.certificate);
  EXPECT_EQ(request_number(1).status, RequestStatus::waiting);
  EXPECT_EQ(send(request), "internal_error") << "it waits already";
}

TEST_F(RequestSenderTest, TellsNothingToWhoIsNotTheCentre) {
  view.management().registration_tls_cert = Bytes{1, 2, 3};
  EXPECT_EQ(send(registration_request()), "ssl_authentication_failed");
  view.management().registration_tls_cert.reset();
  EXPECT_EQ(send(registration_request()), "ssl_authentication_failed");
  view.management().registration_address = "http://localhost/";
  EXPECT_EQ(send(registration_request()), "ssl_authentication_failed");
  view.valid = false;
  EXPECT_EQ(send(registration_request()), "global_conf_outdated");
  EXPECT_FALSE(centralserver::management_request(open(), 1));
}

TEST_F(RequestSenderTest, SendsTheOthersThroughTheProxy) {
  register_server();
  EXPECT_EQ(send({.service = CentreService::clientDisable, .server = server, .client = tax}), "number 1");
  EXPECT_EQ(send({.service = CentreService::clientDeletion, .server = server, .client = tax}), "number 2");
  EXPECT_EQ(send({.service = CentreService::addressChange, .server = server, .address = "10.0.0.7"}), "number 3");
  EXPECT_EQ(centralserver::security_server(open(), server)->address, "10.0.0.7");
  EXPECT_EQ(send({.service = CentreService::maintenanceModeDisable, .server = server}), "internal_error");
}

TEST_F(RequestSenderTest, SignsOnlyWithWhatIsGood) {
  register_server();
  const CentreRequest request{.service = CentreService::clientDisable, .server = server, .client = tax};
  EXPECT_EQ(send({.service = CentreService::clientReg, .server = server, .client = other}), "cannot_create_signature");
  CentreRequest unknown = registration_request();
  unknown.certificate = ca->ca().der();
  EXPECT_EQ(send(unknown), "cert_not_found");
  ASSERT_TRUE(signer_->activate(signing.certificate_id, false));
  EXPECT_EQ(send(request), "cannot_create_signature");
  ASSERT_TRUE(signer_->activate(signing.certificate_id, true));
  EXPECT_EQ(send(request), "number 1");
  std::filesystem::remove_all(directory / "ocsp");
  EXPECT_EQ(send(request), "cannot_create_signature") << "without an OCSP response";
}

TEST_F(RequestSenderTest, CertificatesAreWhatTheGlobalConfigurationSays) {
  const auto status = [&] {
    return authentication_certificate(*signer_->list_tokens(), authentication_id)->certificate.status;
  };
  const auto update = [&] { return *update_certificate_statuses(*signer_, view, server); };
  EXPECT_EQ(update(), 0);
  EXPECT_EQ(status(), "saved");
  ASSERT_TRUE(signer_->set_status(authentication_id, signer::kStatusRegistrationInProgress));
  view.listed = globalconf::ServerEntry{*ServerId::make("EX", "GOV", "1", "other"), "", {}};
  EXPECT_EQ(update(), 0) << "for another server";
  view.listed = globalconf::ServerEntry{server, "", {}};
  EXPECT_EQ(update(), 1);
  EXPECT_EQ(status(), "registered");
  EXPECT_EQ(update(), 0);
  view.listed.reset();
  EXPECT_EQ(update(), 1);
  EXPECT_EQ(status(), "global error");
  ASSERT_TRUE(signer_->set_status(authentication_id, signer::kStatusDeletionInProgress));
  view.listed = globalconf::ServerEntry{server, "", {}};
  EXPECT_EQ(update(), 0) << "it has been asked to go";
}

TEST_F(RequestSenderTest, CertificatesAreActivatedOnceRegisteredIfSoWanted) {
  const auto certificate = [&] {
    return authentication_certificate(*signer_->list_tokens(), authentication_id)->certificate;
  };
  view.listed = globalconf::ServerEntry{server, "", {}};
  const auto registered = [&](std::string_view from, bool activate) {
    EXPECT_TRUE(signer_->activate(authentication_id, false));
    EXPECT_TRUE(signer_->set_status(authentication_id, from));
    EXPECT_EQ(*update_certificate_statuses(*signer_, view, server, activate), 1);
    EXPECT_EQ(certificate().status, "registered");
    return certificate().active;
  };
  EXPECT_FALSE(certificate().active) << "as it was imported";
  EXPECT_FALSE(registered(signer::kStatusRegistrationInProgress, false));
  EXPECT_TRUE(registered(signer::kStatusRegistrationInProgress, true));
  EXPECT_FALSE(registered(signer::kStatusSaved, true)) << "only what was asked for";
  EXPECT_FALSE(registered(signer::kStatusGlobalError, true));
}

TEST_F(RequestSenderTest, TheServerIsFoundUnderItsNewOwner) {
  const ClientId member = *ClientId::make("EX", "GOV", "77"), subsystem = *ClientId::make("EX", "GOV", "77", "x");
  const auto other_server = *ServerId::make("EX", "GOV", "77", server.code());
  ServerConfiguration configuration{server, {}, {}};
  for (const ClientId& id : {server.owner(), member, subsystem}) {
    Client client{.id = id, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}};
    configuration.clients.emplace(id, std::move(client));
  }
  const auto owner = [&] { return owner_by_configuration(configuration, view, *signer_->list_tokens()); };
  view.add_server(server);
  view.listed = globalconf::ServerEntry{server, "", {}};
  EXPECT_FALSE(owner()) << "it is as it was";
  view.forget_servers();
  EXPECT_FALSE(owner()) << "it is not known at all";
  view.add_server(other_server);
  EXPECT_FALSE(owner()) << "a server of this name, with another certificate";
  view.listed = globalconf::ServerEntry{other_server, "", {}};
  EXPECT_EQ(owner(), member);

  Registrations noted;
  note_owner(noted, configuration, member);
  ASSERT_TRUE(apply(noted, configuration));
  EXPECT_EQ(configuration.id, other_server);
  EXPECT_EQ(configuration.configured_id, server);
  EXPECT_FALSE(owner());
  note_owner(noted, configuration, server.owner());
  EXPECT_FALSE(noted.owner) << "back to what server.yaml says";
}

TEST(CertificateStatuses, AllowWhatXRoadAllows) {
  using namespace signer;
  const auto allowed = [](CentreService service, std::string_view status) {
    return check_certificate_request(service, status).ok();
  };
  for (const auto& status : {kStatusSaved, kStatusRegistrationInProgress, kStatusRegistered, kStatusDeletionInProgress,
                             kStatusGlobalError}) {
    EXPECT_EQ(allowed(CentreService::authCertReg, status), status == kStatusSaved) << status;
    EXPECT_EQ(allowed(CentreService::authCertDeletion, status),
              status == kStatusRegistered || status == kStatusRegistrationInProgress)
        << status;
  }
}

TEST(CertificateStatuses, FollowTheGlobalConfiguration) {
  using namespace signer;
  for (const auto& status : {kStatusSaved, kStatusRegistrationInProgress, kStatusGlobalError}) {
    EXPECT_EQ(status_by_configuration(status, true), kStatusRegistered);
    EXPECT_FALSE(status_by_configuration(status, false));
  }
  EXPECT_FALSE(status_by_configuration(kStatusRegistered, true));
  EXPECT_EQ(status_by_configuration(kStatusRegistered, false), kStatusGlobalError);
  EXPECT_FALSE(status_by_configuration(kStatusDeletionInProgress, true));
  EXPECT_FALSE(status_by_configuration(kStatusDeletionInProgress, false));
}

}  // namespace
}  // namespace causeway::securityserver
