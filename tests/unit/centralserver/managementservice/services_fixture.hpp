// SPDX-License-Identifier: MIT
// The management services over sockets, with a CA, an instance of two members, and requests to
// them as our Security Server makes them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "centralserver/managementservice/management_services.hpp"
#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/initialization.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/requests/management_requests.hpp"
#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "pki/ocsp.hpp"
#include "securityserver/management/centre_request.hpp"
#include "store/sqlite.hpp"
#include "support/temporary_directory.hpp"
#include "testca/subjects.hpp"
#include "testca/test_ca.hpp"

namespace causeway::centralserver {

using securityserver::CentreRequest;
using securityserver::CentreService;

inline constexpr const char* kProfile =
    "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";

class ManagementServicesTest : public ::testing::Test {
 protected:
  // A key with a certificate, and a fresh OCSP response for it.
  struct Identity {
    pki::PrivateKey key;
    pki::Certificate certificate;
  };
  struct Answer {
    int status = 0;
    std::string content_type = {}, body = {};
    // "code: text" of a fault, "number N" of an answer.
    std::string said = {};
  };

  const ClientId owner = *ClientId::make("EX", "GOV", "1"), other = *ClientId::make("EX", "GOV", "2"),
                 provider = *ClientId::make("EX", "GOV", "1", "MGMT"), tax = *ClientId::make("EX", "GOV", "1", "tax");
  const ServerId server = *ServerId::make("EX", "GOV", "1", "ss1");

  void SetUp() override {
    in_registry([&](Change& change) -> Result<void> {
      if (auto done = initialize(change, "EX", "cs.example.org"); !done) return done;
      if (auto done = add_member_class(change, {"GOV", "Government"}); !done) return done;
      for (const ClientId& member : {owner, other})
        if (auto done = add_member(change, member, "A member"); !done) return done;
      if (auto done = add_subsystem(change, provider, ""); !done) return done;
      if (auto done = set_management_service_provider(change, provider); !done) return done;
      CertificationSettings settings;
      settings.profile_class = kProfile;
      auto approved = add_certification_service(change, settings, ca->ca().der());
      if (!approved) return approved.error();
      auto responder = add_ocsp_responder(change, *approved, {"http://localhost:8888/ocsp", ca->ocsp_signer().der()});
      return responder ? Result<void>() : responder.error();
    });
    const auto start = [this](net::Task<void> (ManagementServices::*serve)(net::ServerCall&)) {
      return *net::HttpServer::start(threads, {},
                                     [this, serve](net::ServerCall& call) { return ((*services).*serve)(call); });
    };
    registration = start(&ManagementServices::serve_registration);
    management = start(&ManagementServices::serve_management);
  }

  Registry open() { return *Registry::open(*store::open_sqlite(directory / "x.db")); }
  void in_registry(const std::function<Result<void>(Change&)>& operation) {
    Registry registry = open();
    auto change = Change::begin(registry, "installer");
    ASSERT_TRUE(change);
    auto done = operation(*change);
    ASSERT_TRUE(done) << done.error().code << ": " << done.error().text;
    ASSERT_TRUE(change->commit());
  }
  // The registered server ss1, with tax as its client.
  void register_server() {
    in_registry([&](Change& change) -> Result<void> {
      if (auto done = register_security_server(change, server, "10.0.0.1"); !done) return done;
      return register_client(change, server, tax, "Taxes");
    });
  }
  ManagementRequest request_number(std::int64_t number) { return *management_request(open(), number); }

  Identity signer_of_member(const ClientId& member) {
    auto key = *pki::PrivateKey::generate_ec();
    const auto subject = testca::signing_subject(*pki::CertificateProfile::from_class(kProfile), member, server,
                                                 {.member_name = "A member"});
    auto certificate = ca->issue(*subject, key.public_key(), testca::IssueKind::sign, {}, now());
    return {std::move(key), *std::move(certificate)};
  }
  Identity authentication() {
    auto key = *pki::PrivateKey::generate_rsa(2048);
    auto certificate = ca->issue(*pki::DistinguishedName::parse("CN=ss1"), key.public_key(),
                                 testca::IssueKind::authentication, {}, now());
    return {std::move(key), *std::move(certificate)};
  }
  Bytes ocsp(const pki::Certificate& certificate, TimePoint at = now()) {
    return ca->answer_ocsp(pki::make_ocsp_request(certificate, ca->ca()), at);
  }
  static securityserver::PartSignature sign(const pki::PrivateKey& key, const Bytes& octets) {
    const pki::SignatureAlgorithm algorithm{
        key.is_rsa() ? pki::SignatureScheme::rsa_pkcs1 : pki::SignatureScheme::ecdsa, pki::DigestAlgorithm::sha512};
    return {algorithm, *key.sign(algorithm, octets)};
  }

  // What would be sent, to be spoilt before it is put together.
  struct Draft {
    message::SoapMessage soap;
    std::optional<securityserver::MemberSignature> member;
    std::optional<securityserver::AuthenticationSignature> authentication;
    securityserver::OutgoingForm form() const { return securityserver::centre_form(soap, member, authentication); }
  };
  Draft draft(const CentreRequest& request, const Identity& signer) {
    Draft out{*securityserver::centre_message(request, provider), {}, {}};
    if (securityserver::signer_of(request))
      out.member = securityserver::MemberSignature{sign(signer.key, out.soap.bytes), signer.certificate.der(),
                                                   ocsp(signer.certificate)};
    return out;
  }
  Draft registration_draft(const Identity& key, const Identity& signer, bool dry_run = false) {
    Draft out = draft({.service = CentreService::authCertReg,
                       .server = server,
                       .address = "ss1.example.org",
                       .certificate = key.certificate.der(),
                       .dry_run = dry_run},
                      signer);
    out.authentication = securityserver::AuthenticationSignature{sign(key.key, out.soap.bytes), key.certificate.der()};
    return out;
  }

  Answer post(const net::HttpServer& door, const std::string& path, const std::string& content_type, Bytes body,
              const message::SoapMessage* request = nullptr) {
    net::RequestHead head;
    head.method = "POST";
    head.headers.add("Content-Type", content_type);
    const auto exchange = [&]() -> net::Task<Result<net::HttpClient::Response>> {
      auto client = net::HttpClient::make(threads.at(0));
      co_return co_await client->fetch({.tls = false, .endpoint = {"127.0.0.1", door.port()}, .target = path},
                                       std::move(head), std::move(body), 1 << 20, nullptr, {});
    };
    auto response = net::block_on(threads.at(0), exchange());
    if (!response) return {.said = response.error().code + ": " + response.error().text};
    const std::string* const type = response->head.headers.find("Content-Type");
    Answer answer{response->head.status, type ? *type : "", to_text(response->body), ""};
    if (request == nullptr || answer.body.empty()) return answer;
    auto number = securityserver::read_centre_answer(*request, answer.content_type, response->body);
    answer.said = number ? "number " + std::to_string(*number) : number.error().code + ": " + number.error().text;
    return answer;
  }
  Answer send(const Draft& sent) {
    const bool registers = sent.soap.header.service.code() == "authCertReg";
    auto form = sent.form();
    return post(registers ? *registration : *management,
                registers ? "/managementservice/" : "/managementservice/manage/", form.content_type,
                std::move(form.body), &sent.soap);
  }
  std::string said(const Draft& sent) { return send(sent).said; }

  testing::TemporaryDirectory directory;
  std::unique_ptr<testca::TestCa> ca = *testca::TestCa::create(directory / "ca", {.ec_keys = true}, now());
  Registries registries{[this]() -> Result<std::unique_ptr<Registry>> { return std::make_unique<Registry>(open()); },
                        [](Registry&) { return true; }};
  std::unique_ptr<ManagementServices> services = std::make_unique<ManagementServices>(
      registries, ManagementServicesOptions{.rate = {.per_second = 0, .per_minute = 0}});
  net::IoThreads threads{2};
  std::unique_ptr<net::HttpServer> registration, management;
};

}  // namespace causeway::centralserver
