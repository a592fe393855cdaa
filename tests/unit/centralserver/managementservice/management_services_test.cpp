// SPDX-License-Identifier: MIT
// The other requests, as the Security Server of the management services passes them on.
#include "unit/centralserver/managementservice/services_fixture.hpp"

namespace causeway::centralserver {
namespace {

class OtherServicesTest : public ManagementServicesTest {
 protected:
  void SetUp() override {
    ManagementServicesTest::SetUp();
    register_server();
  }
  CentreRequest about(CentreService service) const { return {.service = service, .server = server}; }
  CentreRequest about(CentreService service, const ClientId& client) const {
    return {.service = service, .server = server, .client = client};
  }
  std::string ask(const CentreRequest& request) { return said(draft(request, signer)); }
  ServerClient client_of_server() { return server_clients(open(), server)->front(); }

  Identity signer = signer_of_member(owner);
};

TEST_F(OtherServicesTest, ClientsAreRegistered) {
  CentreRequest request = about(CentreService::clientReg, *ClientId::make("EX", "GOV", "1", "new"));
  request.subsystem_name = "A new one";
  EXPECT_EQ(ask(request), "number 1");
  EXPECT_EQ(request_number(1).type, RequestType::CLIENT_REGISTRATION);
  EXPECT_EQ(request_number(1).subsystem_name, "A new one");
  EXPECT_EQ(request_number(1).status, RequestStatus::waiting);
  EXPECT_EQ(ask(request), "internal_error: management_request_exists with statusCode 409");
  const Identity theirs = signer_of_member(other);
  EXPECT_EQ(said(draft(about(CentreService::clientReg, other), theirs)), "number 2") << "a member, by its own key";
  EXPECT_EQ(request_number(2).client, other);
  EXPECT_EQ(said(draft(about(CentreService::clientReg, *ClientId::make("EX", "GOV", "2", "x")), theirs)), "number 3");
}

TEST_F(OtherServicesTest, WhatTheRegistryRefusesIsAFault) {
  EXPECT_EQ(ask(about(CentreService::clientReg, owner)),
            "internal_error: management_request_cannot_register_owner with statusCode 400");
  EXPECT_EQ(ask(about(CentreService::clientReg, tax)),
            "internal_error: management_request_client_already_registered with statusCode 409");
  EXPECT_EQ(ask(about(CentreService::maintenanceModeDisable)),
            "internal_error: management_request_server_not_in_maintenance_mode with statusCode 409");
  EXPECT_EQ(ask(about(CentreService::clientDeletion, other)),
            "internal_error: management_request_client_registration_not_found with statusCode 404");
  CentreRequest unknown = about(CentreService::authCertDeletion);
  unknown.certificate = to_bytes("none");
  EXPECT_EQ(ask(unknown), "internal_error: management_request_invalid_auth_certificate with statusCode 409");
}

TEST_F(OtherServicesTest, ClientsAreDisabledEnabledRenamedAndDeleted) {
  EXPECT_EQ(ask(about(CentreService::clientDisable, tax)), "number 1");
  EXPECT_FALSE(client_of_server().enabled);
  EXPECT_EQ(ask(about(CentreService::clientEnable, tax)), "number 2");
  EXPECT_TRUE(client_of_server().enabled);
  CentreRequest rename = about(CentreService::clientRename, tax);
  rename.subsystem_name = "Taxes & duties <all>";
  EXPECT_EQ(ask(rename), "number 3");
  EXPECT_EQ(subsystem(open(), tax)->name, "Taxes & duties <all>");
  EXPECT_EQ(ask(about(CentreService::clientDeletion, tax)), "number 4");
  EXPECT_TRUE(server_clients(open(), server)->empty());
}

TEST_F(OtherServicesTest, NamesAreOfSubsystemsAndNotEmpty) {
  CentreRequest rename = about(CentreService::clientRename, owner);
  rename.subsystem_name = "Name";
  EXPECT_EQ(ask(rename), "invalid_request: Only name of subsystem can be changed");
  rename = about(CentreService::clientRename, tax);
  rename.subsystem_name = " ";
  EXPECT_EQ(ask(rename), "invalid_request: Invalid subsystem name");
  CentreRequest join = about(CentreService::clientReg, owner);
  join.subsystem_name = "Name";
  EXPECT_EQ(ask(join), "invalid_request: Only name of subsystem can be changed");
}

TEST_F(OtherServicesTest, AnAddressIsChangedByTheOwner) {
  CentreRequest move = about(CentreService::addressChange);
  move.address = "10.0.0.2";
  EXPECT_EQ(ask(move), "number 1");
  EXPECT_EQ(security_server(open(), server)->address, "10.0.0.2");
  move.address = "a b";
  EXPECT_EQ(ask(move), "invalid_request: Invalid server address");
  EXPECT_EQ(said(draft(move, signer_of_member(other))).substr(0, 34), "invalid_request: Subject identifie");
}

TEST_F(OtherServicesTest, MaintenanceBeginsAndEnds) {
  CentreRequest begin = about(CentreService::maintenanceModeEnable);
  begin.message = "Back at noon";
  EXPECT_EQ(ask(begin), "number 1");
  EXPECT_EQ(security_server(open(), server)->maintenance->message, "Back at noon");
  EXPECT_EQ(ask(about(CentreService::maintenanceModeDisable)), "number 2");
  EXPECT_FALSE(security_server(open(), server)->maintenance);
  EXPECT_EQ(ask(about(CentreService::maintenanceModeEnable)), "number 3") << "without a message";
}

TEST_F(OtherServicesTest, TheOwnerChanges) {
  in_registry([&](Change& change) { return register_client(change, server, other); });
  const Identity theirs = signer_of_member(other);
  EXPECT_EQ(said(draft(about(CentreService::ownerChange, other), theirs)), "number 1");
  EXPECT_EQ(request_number(1).type, RequestType::OWNER_CHANGE);
  EXPECT_EQ(request_number(1).client, other);
}

TEST_F(OtherServicesTest, ACertificateIsDeletedThatWaits) {
  const Identity key = authentication();
  ASSERT_EQ(said(registration_draft(key, signer)), "number 1");
  CentreRequest remove = about(CentreService::authCertDeletion);
  remove.certificate = key.certificate.der();
  EXPECT_EQ(ask(remove), "number 2");
  EXPECT_EQ(request_number(2).certificate, key.certificate.der());
  EXPECT_EQ(request_number(1).status, RequestStatus::revoked);
}

TEST_F(OtherServicesTest, TheSenderOwnsTheServer) {
  const ServerId foreign = *ServerId::make("EX", "GOV", "2", "ss1");
  const std::vector<CentreRequest> requests{
      about(CentreService::clientReg, tax),        about(CentreService::ownerChange, owner),
      about(CentreService::clientDeletion, tax),   about(CentreService::authCertDeletion),
      about(CentreService::addressChange),         about(CentreService::clientDisable, tax),
      about(CentreService::clientEnable, tax),     about(CentreService::clientRename, tax),
      about(CentreService::maintenanceModeEnable), about(CentreService::maintenanceModeDisable)};
  for (CentreRequest request : requests) {
    request.certificate = request.service == CentreService::authCertDeletion ? std::optional(Bytes{1}) : std::nullopt;
    if (request.service == CentreService::addressChange) request.address = "a";
    if (request.service == CentreService::clientRename) request.subsystem_name = "Name";
    Draft sent = draft(request, signer);
    std::string text = to_text(sent.soap.bytes);
    const auto body = text.find("<SOAP-ENV:Body>");
    text.replace(text.find("<id:memberCode>1<", body), 17, "<id:memberCode>2<");
    sent.soap.bytes = to_bytes(text);
    if (sent.member) sent.member->signature = sign(signer.key, sent.soap.bytes);
    EXPECT_EQ(said(sent), "invalid_request: Sender does not match server owner.")
        << securityserver::to_string(request.service);
  }
  EXPECT_FALSE(management_request(open(), 1));
}

TEST_F(OtherServicesTest, SignaturesAndCertificatesAreThoseOfTheClientsMember) {
  const auto spoilt = [&](const std::function<void(Draft&)>& spoil) {
    Draft request = draft(about(CentreService::clientDisable, tax), signer);
    spoil(request);
    return said(request);
  };
  const auto code = [](const std::string& text) { return text.substr(0, text.find(':')); };
  EXPECT_EQ(code(spoilt([](Draft& request) { request.member->signature.value.back() ^= 1; })),
            "invalid_signature_value");
  EXPECT_EQ(code(spoilt([](Draft& request) { request.member->certificate = to_bytes("none"); })),
            "incorrect_certificate");
  EXPECT_EQ(code(spoilt([](Draft& request) { request.member->ocsp_response.clear(); })), "io_error");
  EXPECT_EQ(spoilt([](Draft& request) {
              request.member->signature.algorithm = {pki::SignatureScheme::rsa_pkcs1, pki::DigestAlgorithm::sha512};
            }),
            "internal_error: Client signature algorithm is not one of the certificate's key");
  EXPECT_EQ(said(draft(about(CentreService::clientDisable, tax), signer_of_member(other))),
            "invalid_request: Subject identifier (MEMBER:EX/GOV/2) in certificate does not match client's member"
            " identifier (SUBSYSTEM:EX/GOV/1/tax) in request");
  ASSERT_TRUE(ca->revoke(signer.certificate.serial_decimal(), now()));
  EXPECT_EQ(code(ask(about(CentreService::clientDisable, tax))), "cert_validation");
  EXPECT_TRUE(client_of_server().enabled);
}

TEST_F(OtherServicesTest, IdentifiersAreOfTheKindThatIsSaid) {
  const auto rewritten = [&](CentreRequest request, const std::string& from, const std::string& to) {
    Draft sent = draft(request, signer);
    std::string text = to_text(sent.soap.bytes);
    const auto body = text.find("<SOAP-ENV:Body>");
    text.replace(text.find(from, body), from.size(), to);
    sent.soap.bytes = to_bytes(text);
    sent.member->signature = sign(signer.key, sent.soap.bytes);
    return said(sent);
  };
  const std::string refused = "invalid_client_identifier: The management request contains an invalid identifier.";
  const CentreRequest disable = about(CentreService::clientDisable, tax);
  EXPECT_EQ(rewritten(disable, "objectType=\"SUBSYSTEM\"", "objectType=\"MEMBER\""), refused);
  EXPECT_EQ(rewritten(disable, "<id:subsystemCode>tax</id:subsystemCode>", ""), refused);
  EXPECT_TRUE(client_of_server().enabled);
}

TEST_F(OtherServicesTest, ARefusedRequestHasChangedNothing) {
  Draft sent = draft(about(CentreService::clientDisable, tax), signer);
  std::string text = to_text(sent.soap.bytes);
  for (std::size_t at = text.find("clientDisable"); at != std::string::npos; at = text.find("clientDisable", at))
    text.replace(at, 13, "CLIENTDISABLE");
  sent.soap.bytes = to_bytes(text);
  sent.member->signature = sign(signer.key, sent.soap.bytes);
  EXPECT_EQ(said(sent), "invalid_soap: Unexpected content: CLIENTDISABLE") << "names have one spelling";
  EXPECT_TRUE(client_of_server().enabled);
}

TEST_F(OtherServicesTest, FormsAreWhatTheyMustBe) {
  const Draft good = draft(about(CentreService::clientDisable, tax), signer);
  const auto form = good.form();
  const auto parts = [&](const std::string& extra) {
    std::string text = to_text(form.body);
    const std::string end = text.substr(text.rfind("\r\n--"));
    return to_bytes(text.substr(0, text.size() - end.size()) + extra + end);
  };
  const std::string path = "/managementservice/manage/";
  const std::string boundary = form.content_type.substr(form.content_type.rfind('=') + 1);
  EXPECT_EQ(post(*management, path, form.content_type,
                 parts("\r\n--" + boundary + "\r\ncontent-type:application/octet-stream\r\n\r\nx"), &good.soap)
                .said,
            "internal_error: Unexpected content in multipart");
  EXPECT_EQ(post(*management, path, "text/xml;charset=UTF-8", good.soap.bytes, &good.soap).said,
            "invalid_request: Client signature is missing");
  EXPECT_EQ(post(*management, path, "multipart/related; boundary=b", {}, &good.soap).said,
            "invalid_request: Request contains no SOAP message");
  std::string text = to_text(form.body);
  text.replace(text.find("signature-algorithm-id: "), 24, "signature-algorithm-id: X");
  EXPECT_EQ(post(*management, path, form.content_type, to_bytes(text), &good.soap).said,
            "internal_error: Unknown signature algorithm XSHA512withECDSA");
  text.replace(text.find("signature-algorithm-id"), 22, "something-else-altoget");
  EXPECT_EQ(post(*management, path, form.content_type, to_bytes(text), &good.soap).said,
            "invalid_request: Client signature algorithm id is missing");
  Draft deletion = draft(about(CentreService::clientDeletion, tax), signer);
  EXPECT_EQ(post(*management, path, form.content_type, form.body, nullptr).status, 200) << "the form itself is good";
  EXPECT_EQ(said(registration_draft(authentication(), signer)), "number 2");
  const auto registers = registration_draft(authentication(), signer).form();
  EXPECT_NE(post(*management, path, registers.content_type, registers.body)
                .body.find("<faultcode>invalid_request</faultcode><faultstring>Unsupported request type"),
            std::string::npos);
  EXPECT_NE(post(*registration, "/managementservice", form.content_type, form.body)
                .body.find("<faultcode>invalid_request</faultcode><faultstring>Unsupported request type"),
            std::string::npos);
}

TEST_F(OtherServicesTest, DoorsOpenForWhatTheyAreFor) {
  const std::string xml = "text/xml;charset=UTF-8";
  const auto status = [&](const std::string& path, const std::string& type, Bytes body = to_bytes("x")) {
    return post(*management, path, type, std::move(body)).status;
  };
  EXPECT_EQ(status("/", xml), 403);
  EXPECT_EQ(status("/managementservice/", xml), 403);
  EXPECT_EQ(status("/managementservice/manage/", "application/json"), 415);
  EXPECT_EQ(status("/managementservice/manage/", "text/xml;charset=UTF-16"), 415);
  EXPECT_EQ(status("/managementservice/manage", xml), 500) << "not well-formed";
  EXPECT_EQ(status("/managementservice/manage/", xml, Bytes(50 * 1024 + 1, ' ')), 413);
  EXPECT_EQ(post(*registration, "/managementservice/", xml, to_bytes("x")).status, 415);
}

TEST_F(OtherServicesTest, NothingIsBelievedBeforeTheInstanceBegins) {
  Registries empty{[this]() -> Result<std::unique_ptr<Registry>> {
                     return std::make_unique<Registry>(*Registry::open(*store::open_sqlite(directory / "empty.db")));
                   },
                   [](Registry&) { return true; }};
  services = std::make_unique<ManagementServices>(empty);
  EXPECT_EQ(ask(about(CentreService::clientDeletion, tax)), "global_conf_outdated: Global configuration is not valid");
  services.reset();
}

TEST_F(OtherServicesTest, ComeFromWhereTheyMay) {
  ManagementServicesOptions options;
  options.callers = *admin::AddressList::parse("192.0.2.0/24");
  services = std::make_unique<ManagementServices>(registries, options);
  EXPECT_EQ(post(*management, "/managementservice/manage/", "text/xml;charset=UTF-8", to_bytes("x")).status, 403);
  options.callers = *admin::AddressList::parse("192.0.2.0/24, 127.0.0.1");
  services = std::make_unique<ManagementServices>(registries, options);
  EXPECT_EQ(post(*management, "/managementservice/manage/", "text/xml;charset=UTF-8", to_bytes("x")).status, 500);
}

TEST_F(OtherServicesTest, OneAddressAsksTenTimesAMinute) {
  services = std::make_unique<ManagementServices>(registries);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(ask(about(CentreService::maintenanceModeDisable)).substr(0, 14), "internal_error") << i;
  EXPECT_EQ(send(draft(about(CentreService::maintenanceModeDisable), signer)).status, 429);
}

TEST(ServiceDescription, NamesTheServicesOfTheSecondDoor) {
  const std::string_view text = service_description();
  for (const char* code :
       {"clientReg", "clientDeletion", "clientDisable", "clientEnable", "clientRename", "authCertDeletion",
        "ownerChange", "addressChange", "maintenanceModeEnable", "maintenanceModeDisable"})
    EXPECT_NE(text.find("<wsdl:operation name=\"" + std::string(code) + "\">"), std::string_view::npos) << code;
  EXPECT_EQ(text.find("authCertReg\""), std::string_view::npos);
}

}  // namespace
}  // namespace causeway::centralserver
