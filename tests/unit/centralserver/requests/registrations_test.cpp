// SPDX-License-Identifier: MIT
// Requests that wait until somebody approves them (trust.md 9.4).
#include "centralserver/registry/management_service.hpp"
#include "unit/centralserver/requests/requests_fixture.hpp"

namespace causeway::centralserver {
namespace {

class RegistrationsTest : public RequestsTest {};
CAUSEWAY_ON_BOTH_ENGINES(RegistrationsTest);

TEST_P(RegistrationsTest, ACertificateIsRegisteredWithServerAndOwnerByApproval) {
  const Bytes first = certificate();
  EXPECT_EQ(add(asked_to_register("DEV/GOV/7/SS7", first)), "WAITING");
  const auto number = latest;
  EXPECT_EQ(code_of(member(registry, client_id("DEV/GOV/7"))), "member_not_found") << "nothing happens before";
  EXPECT_EQ(latest_history(), (std::vector<std::string>{"added management request AUTH_CERT_REGISTRATION_REQUEST (" +
                                                        std::to_string(number) + ")"}));
  EXPECT_EQ(approve(number), "APPROVED");
  EXPECT_EQ(member(registry, client_id("DEV/GOV/7"))->name, "7") << "made, and called by its code";
  EXPECT_EQ(security_server(registry, server_id("DEV/GOV/7/SS7"))->address, "ss.example.org");
  EXPECT_EQ(authentication_certificates(registry, server_id("DEV/GOV/7/SS7"))->front().certificate.der(), first);
  EXPECT_EQ(owners().back(), "DEV/GOV/7");
  EXPECT_EQ(approve(number), "management_request_invalid_state_for_approval");
  EXPECT_EQ(revoke(number), "management_request_invalid_state");
  EXPECT_EQ(approve(number + 1), "management_request_not_found");
  EXPECT_EQ(revoke(number + 1), "management_request_not_found");

  NewRequest second = asked_to_register("DEV/GOV/7/SS7", certificate("second"));
  second.address = "10.0.0.1";
  ASSERT_EQ(add(second), "WAITING");
  ASSERT_EQ(approve(latest), "APPROVED");
  EXPECT_EQ(security_server(registry, server_id("DEV/GOV/7/SS7"))->address, "10.0.0.1");
  EXPECT_EQ(authentication_certificates(registry, server_id("DEV/GOV/7/SS7"))->size(), 2U);
}

TEST_P(RegistrationsTest, ACertificateThatCannotBeRegisteredIsRefused) {
  const std::string invalid = "management_request_invalid_auth_certificate";
  const auto enrol = [&](const Bytes& octets) { return add(asked_to_register("DEV/GOV/100/SS1", octets)); };
  EXPECT_EQ(enrol({}), invalid);
  EXPECT_EQ(enrol(to_bytes("none")), invalid);
  EXPECT_EQ(enrol(certificate("old", "2021-01-01T00:00:00Z")), invalid);
  EXPECT_EQ(enrol(certificate("sign", "2040-01-01T00:00:00Z", pki::CertificateKind::sign)), invalid);
  EXPECT_EQ(enrol(sample_pki().second_auth.der()), invalid) << "by a CA that is not approved";
  NewRequest nowhere = asked_to_register("DEV/GOV/100/SS1", certificate());
  nowhere.address = "a b";
  EXPECT_EQ(add(nowhere), "management_request_invalid_server_address");
  EXPECT_EQ(add(by_centre(asked_to_register("DEV/GOV/7/SS1", certificate()))),
            "management_request_server_owner_not_found");
  EXPECT_EQ(add(asked_to_register("FI/GOV/100/SS1", certificate())), "management_request_server_owner_not_found");
  EXPECT_EQ(add(asked_to_register("DEV/GOV/100/S%1", certificate())), "validation_failure");
  EXPECT_EQ(add(asked_to_register("DEV/NO/7/SS1", certificate())), "WAITING") << "the class is looked for later";
  EXPECT_EQ(approve(latest), "member_class_not_found");
  EXPECT_EQ(status_of(latest), "WAITING");
}

TEST_P(RegistrationsTest, ACertificateIsRegisteredAndAskedForOnce) {
  const Bytes octets = certificate();
  ASSERT_EQ(add(asked_to_register("DEV/GOV/100/SS1", octets)), "WAITING");
  const auto waiting = latest;
  EXPECT_EQ(add(asked_to_register("DEV/GOV/100/SS1", octets)), "management_request_exists");
  EXPECT_EQ(add(by_centre(asked_to_register("DEV/COM/200/SS2", octets))), "management_request_exists");
  ASSERT_EQ(approve(waiting), "APPROVED");
  EXPECT_EQ(add(asked_to_register("DEV/GOV/100/SS1", octets)), "management_request_security_server_exists");
}

TEST_P(RegistrationsTest, RequestsOfBothSidesMeet) {
  const NewRequest request = asked_to_register("DEV/GOV/100/SS1", certificate());
  ASSERT_EQ(add(by_centre(request)), "WAITING");
  const auto of_centre = latest;
  EXPECT_EQ(add(request), "APPROVED") << "the centre has said so before";
  EXPECT_EQ(status_of(of_centre), "APPROVED");

  const NewRequest other = asked_to_register("DEV/GOV/100/SS1", certificate("other"));
  ASSERT_EQ(add(other), "WAITING");
  const auto of_server = latest;
  EXPECT_EQ(add(by_centre(other)), "SUBMITTED FOR APPROVAL");
  EXPECT_EQ(status_of(of_server), "SUBMITTED FOR APPROVAL");
  EXPECT_EQ(add(other), "management_request_exists") << "a third one";
  EXPECT_EQ(approve(of_server), "APPROVED");
  EXPECT_EQ(status_of(latest), "APPROVED");

  NewRequest join = asked(CLIENT_REGISTRATION, "DEV/GOV/100/SS1", "DEV/COM/200/client");
  ASSERT_EQ(add(by_centre(join)), "WAITING");
  EXPECT_EQ(add(named(join, "Name")), "APPROVED");
  EXPECT_EQ(subsystem(registry, client_id("DEV/COM/200/client"))->name, "Name");
}

TEST_P(RegistrationsTest, ARequestThatNobodyApprovesIsDeclinedOrRevoked) {
  const NewRequest request = asked_to_register("DEV/GOV/7/SS7", certificate());
  ASSERT_EQ(add(request), "WAITING");
  EXPECT_EQ(revoke(latest), "DECLINED");
  EXPECT_EQ(approve(latest), "management_request_invalid_state_for_approval");
  EXPECT_EQ(code_of(member(registry, client_id("DEV/GOV/7"))), "member_not_found");

  const NewRequest join = by_centre(asked(CLIENT_REGISTRATION, "DEV/GOV/100/SS1", "DEV/COM/200"));
  ASSERT_EQ(add(join), "WAITING");
  EXPECT_EQ(revoke(latest), "REVOKED") << "the centre takes back what it said alone";
  NewRequest both = asked(CLIENT_REGISTRATION, "DEV/GOV/100/SS1", "DEV/COM/200");
  ASSERT_EQ(add(both), "WAITING");
  ASSERT_EQ(add(by_centre(both)), "SUBMITTED FOR APPROVAL");
  EXPECT_EQ(revoke(latest), "DECLINED");
  ASSERT_EQ(add(asked(CLIENT_DELETION, "DEV/GOV/100/SS1", "DEV/COM/200")), kDone) << "a declined one is given up";
  EXPECT_EQ(revoke(latest), "management_request_not_supported");
}

TEST_P(RegistrationsTest, ClientsJoinWithMemberAndSubsystem) {
  const std::string server = "DEV/GOV/100/SS1";
  ASSERT_EQ(add(named(asked(CLIENT_REGISTRATION, server, "DEV/COM/9/new"), "A new one")), "WAITING");
  EXPECT_EQ(code_of(subsystem(registry, client_id("DEV/COM/9/new"))), "subsystem_not_found");
  ASSERT_EQ(approve(latest), "APPROVED");
  EXPECT_EQ(member(registry, client_id("DEV/COM/9"))->name, "9");
  EXPECT_EQ(subsystem(registry, client_id("DEV/COM/9/new"))->name, "A new one");
  EXPECT_EQ(server_clients(registry, server_id(server))->front().id, client_id("DEV/COM/9/new"));

  EXPECT_EQ(add(asked(CLIENT_REGISTRATION, server, "DEV/COM/9/new")), "management_request_client_already_registered");
  ASSERT_EQ(add(named(asked(CLIENT_REGISTRATION, "DEV/COM/200/SS2", "DEV/COM/9/new"), "Renamed")), "WAITING");
  EXPECT_EQ(management_request(registry, latest)->comments, "Changing subsystem name from 'A new one' to 'Renamed'.");
  EXPECT_EQ(add(asked(CLIENT_REGISTRATION, "DEV/COM/200/SS2", "DEV/COM/9/new")), "management_request_exists");
  ASSERT_EQ(approve(latest), "APPROVED");
  EXPECT_EQ(subsystem(registry, client_id("DEV/COM/9/new"))->name, "Renamed");
  ASSERT_EQ(add(asked(CLIENT_REGISTRATION, server, "DEV/COM/200")), "WAITING") << "a member itself";
  ASSERT_EQ(approve(latest), "APPROVED");
}

TEST_P(RegistrationsTest, ClientsThatCannotJoinAreRefused) {
  const std::string server = "DEV/GOV/100/SS1";
  const auto join = [&](const std::string& to, const std::string& client) {
    return add(asked(CLIENT_REGISTRATION, to, client));
  };
  const auto centre_joins = [&](const std::string& to, const std::string& client) {
    return add(by_centre(asked(CLIENT_REGISTRATION, to, client)));
  };
  EXPECT_EQ(join(server, "DEV/GOV/100"), "management_request_cannot_register_owner");
  EXPECT_EQ(join(server, "FI/GOV/1"), "management_request_member_not_found");
  EXPECT_EQ(join("FI/GOV/100/SS1", "DEV/COM/200"), "management_request_server_not_found");
  EXPECT_EQ(join(server, "DEV/COM/200/a%b"), "validation_failure");
  EXPECT_EQ(add(named(asked(CLIENT_REGISTRATION, server, "DEV/COM/200/x"), std::string(256, 'x'))),
            "validation_failure");
  EXPECT_EQ(add(asked(CLIENT_REGISTRATION, server)), "validation_failure") << "of whom?";
  EXPECT_EQ(centre_joins("DEV/GOV/100/SS9", "DEV/COM/200"), "management_request_server_not_found");
  EXPECT_EQ(centre_joins(server, "DEV/COM/9/x"), "management_request_member_not_found");
  EXPECT_EQ(join("DEV/GOV/100/SS9", "DEV/COM/200"), "WAITING") << "a Security Server may be early";
  EXPECT_EQ(approve(latest), "management_request_server_not_found");
  EXPECT_EQ(join(server, "DEV/NO/1/x"), "WAITING");
  EXPECT_EQ(approve(latest), "member_class_not_found");
}

TEST_P(RegistrationsTest, TheOwnerChanges) {
  const std::string server = "DEV/GOV/100/SS1";
  const auto change_owner_to = [&](const std::string& owner) { return add(asked(OWNER_CHANGE, server, owner)); };
  EXPECT_EQ(change_owner_to("DEV/COM/200"), "management_request_owner_must_be_client");
  EXPECT_EQ(change_owner_to("DEV/GOV/100"), "management_request_client_already_owner");
  EXPECT_EQ(change_owner_to("DEV/COM/200/client"), "management_request_owner_must_be_member");
  EXPECT_EQ(add(asked(OWNER_CHANGE, "DEV/GOV/100/SS9", "DEV/COM/200")), "management_request_server_not_found");
  ASSERT_EQ(add(asked(CLIENT_REGISTRATION, server, "DEV/COM/200")), "WAITING");
  ASSERT_EQ(approve(latest), "APPROVED");
  ASSERT_EQ(change_owner_to("DEV/COM/200"), "WAITING");
  EXPECT_EQ(change_owner_to("DEV/COM/200"), "management_request_exists");
  EXPECT_EQ(approve(latest), "APPROVED");
  EXPECT_EQ(security_server(registry, server_id("DEV/COM/200/SS1"))->address, "127.0.0.2");
  EXPECT_EQ(server_clients(registry, server_id("DEV/COM/200/SS1"))->front().id, client_id("DEV/GOV/100"));
  EXPECT_EQ(owners(), std::vector<std::string>{"DEV/COM/200"});

  const NewRequest enrol = asked_to_register("DEV/GOV/100/SS1", certificate());
  ASSERT_EQ(add(enrol), "WAITING");
  ASSERT_EQ(approve(latest), "APPROVED");
  EXPECT_EQ(add(asked(OWNER_CHANGE, "DEV/COM/200/SS1", "DEV/GOV/100")), "management_request_server_code_exists");
}

TEST_P(RegistrationsTest, WhatTheSystemParametersSayIsApprovedAtOnce) {
  for (const char* what : {"auto-approve-auth-cert-reg-requests", "auto-approve-client-reg-requests",
                           "auto-approve-owner-change-requests"})
    ASSERT_EQ(set(what, "true"), kDone);
  EXPECT_EQ(set("auto-approve-client-reg-requests", "yes"), "validation_failure");
  EXPECT_EQ(add(asked_to_register("DEV/GOV/100/SS3", certificate("3"))), "APPROVED");
  EXPECT_EQ(add(asked_to_register("DEV/GOV/7/SS7", certificate("7"))), "WAITING") << "of a member that is not there";
  EXPECT_EQ(add(by_centre(asked_to_register("DEV/GOV/100/SS4", certificate("4")))), "WAITING");
  const std::string server = "DEV/GOV/100/SS1";
  EXPECT_EQ(add(asked(CLIENT_REGISTRATION, server, "DEV/COM/200")), "APPROVED");
  EXPECT_EQ(add(asked(CLIENT_REGISTRATION, server, "DEV/COM/200/new")), "APPROVED") << "the subsystem is made";
  EXPECT_EQ(add(asked(CLIENT_REGISTRATION, server, "DEV/COM/9")), "WAITING");
  EXPECT_EQ(add(asked(CLIENT_REGISTRATION, "DEV/GOV/100/SS9", "DEV/COM/200")), "WAITING");
  EXPECT_EQ(add(by_centre(asked(CLIENT_REGISTRATION, server, "DEV/COM/200/client"))), "WAITING");
  EXPECT_EQ(add(by_centre(asked(OWNER_CHANGE, server, "DEV/COM/200"))), "APPROVED") << "of either side";
}

TEST_P(RegistrationsTest, TheProviderOfTheManagementServicesNeedsNobodysApproval) {
  const auto provide = [&](const char* server) {
    return in_change([&](Change& change) { return register_provider(change, server_id(server)); });
  };
  EXPECT_EQ(provide("DEV/GOV/100/SS1"), "management_service_provider_not_set");
  const auto choose = [](Change& change) {
    return set_management_service_provider(change, client_id("DEV/GOV/100/MGMT"));
  };
  ASSERT_EQ(in_change(choose), kDone);
  EXPECT_EQ(provide("DEV/GOV/100/NONE"), "management_request_server_not_found");
  EXPECT_EQ(provide("DEV/GOV/100/SS1"), kDone);
  EXPECT_EQ(status_of(1), "APPROVED");
  EXPECT_EQ(management_service(registry)->servers.size(), 1U);
  EXPECT_EQ(provide("DEV/GOV/100/SS1"), "subsystem_already_registered_to_security_server");
}

}  // namespace
}  // namespace causeway::centralserver
