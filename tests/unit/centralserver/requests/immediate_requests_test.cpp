// SPDX-License-Identifier: MIT
// Requests that take effect at once, and what deletions leave behind (trust.md 9.4).
#include "unit/centralserver/requests/requests_fixture.hpp"

namespace causeway::centralserver {
namespace {

class ImmediateRequestsTest : public RequestsTest {
 protected:
  const std::string server = "DEV/GOV/100/SS1", unknown = "DEV/GOV/100/SS9", client = "DEV/COM/200/client";

  void SetUp() override {
    RequestsTest::SetUp();
    const auto join = [&](Change& change) { return register_client(change, server_id(server), client_id(client)); };
    ASSERT_EQ(in_change(join), kDone);
  }
  bool is_enabled() { return server_clients(registry, server_id(server))->front().enabled; }
  std::string comment() { return management_request(registry, latest)->comments.value_or("none"); }
};
CAUSEWAY_ON_BOTH_ENGINES(ImmediateRequestsTest);

TEST_P(ImmediateRequestsTest, AClientLeaves) {
  EXPECT_EQ(add(asked(CLIENT_DELETION, server, client)), kDone);
  EXPECT_TRUE(server_clients(registry, server_id(server))->empty());
  EXPECT_TRUE(subsystem(registry, client_id(client))) << "it still exists";
  const std::string missing = "management_request_client_registration_not_found";
  EXPECT_EQ(add(asked(CLIENT_DELETION, server, client)), missing);
  EXPECT_EQ(add(asked(CLIENT_DELETION, unknown, client)), missing);

  ASSERT_EQ(add(asked(CLIENT_REGISTRATION, server, client)), "WAITING");
  const auto waiting = latest;
  EXPECT_EQ(add(asked(CLIENT_DELETION, server, client)), kDone);
  EXPECT_EQ(status_of(waiting), "REVOKED");
  EXPECT_EQ(add(asked(CLIENT_DELETION, server, client)), missing) << "a revoked one is no more";
}

TEST_P(ImmediateRequestsTest, ACertificateGoes) {
  const Bytes octets = certificate(), other = certificate("other");
  const auto remove = [&](const std::string& of, const Bytes& what) {
    NewRequest request = asked(AUTH_CERT_DELETION, of);
    request.certificate = what;
    return add(request);
  };
  const std::string invalid = "management_request_invalid_auth_certificate";
  EXPECT_EQ(remove(server, octets), invalid);
  EXPECT_EQ(remove(server, {}), invalid);
  ASSERT_EQ(add(asked_to_register(server, octets)), "WAITING");
  const auto waiting = latest;
  EXPECT_EQ(remove("DEV/COM/200/SS2", octets), invalid) << "another server has asked for it";
  EXPECT_EQ(remove(server, octets), kDone);
  EXPECT_EQ(status_of(waiting), "REVOKED");

  ASSERT_EQ(add(asked_to_register(server, octets)), "WAITING");
  ASSERT_EQ(approve(latest), "APPROVED");
  EXPECT_EQ(remove("DEV/COM/200/SS2", octets), "security_server_not_found") << "it is that of another server";
  EXPECT_EQ(remove(unknown, octets), "security_server_not_found");
  EXPECT_EQ(remove(server, octets), kDone);
  EXPECT_TRUE(authentication_certificates(registry, server_id(server))->empty());
}

TEST_P(ImmediateRequestsTest, AClientIsDisabledAndEnabled) {
  EXPECT_EQ(add(asked(CLIENT_DISABLE, server, client)), kDone);
  EXPECT_FALSE(is_enabled());
  EXPECT_EQ(add(asked(CLIENT_ENABLE, server, client)), kDone);
  EXPECT_TRUE(is_enabled());
  for (const RequestType type : {CLIENT_DISABLE, CLIENT_ENABLE}) {
    EXPECT_EQ(add(asked(type, server, "DEV/COM/200")), "management_request_server_client_not_found");
    EXPECT_EQ(add(asked(type, unknown, client)), "management_request_server_client_not_found");
  }
  const auto provide = [&](Change& change) { return set_management_service_provider(change, client_id(client)); };
  ASSERT_EQ(in_change(provide), kDone);
  EXPECT_EQ(add(asked(CLIENT_DISABLE, server, client)), "mr_forbidden_disable_management_service_client");
}

TEST_P(ImmediateRequestsTest, ASubsystemGetsAnotherName) {
  const auto rename = [&](const std::string& of, const std::string& who, const std::string& name) {
    return add(named(asked(CLIENT_RENAME, of, who), name));
  };
  EXPECT_EQ(rename(server, client, "First"), kDone);
  EXPECT_EQ(comment(), "none");
  EXPECT_EQ(rename(server, client, "Second"), kDone);
  EXPECT_EQ(comment(), "Changing subsystem name from 'First' to 'Second'.");
  EXPECT_EQ(subsystem(registry, client_id(client))->name, "Second");
  EXPECT_EQ(rename(server, client, " "), "management_request_invalid_subsystem_name");
  EXPECT_EQ(rename(server, client, "a\tb"), "validation_failure");
  EXPECT_EQ(rename(server, "DEV/COM/200", "Name"), "management_request_only_subsystem_rename_allowed");
  EXPECT_EQ(rename(server, "DEV/COM/200/other", "Name"), "management_request_server_client_not_found");
  EXPECT_EQ(rename(unknown, client, "Name"), "management_request_server_client_not_found");
}

TEST_P(ImmediateRequestsTest, AServerMoves) {
  const auto move = [&](const std::string& of, const std::string& to) {
    NewRequest request = asked(ADDRESS_CHANGE, of);
    request.address = to;
    return add(request);
  };
  EXPECT_EQ(move(server, "ss1.example.org"), kDone);
  EXPECT_EQ(comment(), "Changing from '127.0.0.2'.");
  EXPECT_EQ(security_server(registry, server_id(server))->address, "ss1.example.org");
  for (const char* bad : {"", "a b", "http://a"})
    EXPECT_EQ(move(server, bad), "management_request_invalid_server_address") << bad;
  EXPECT_EQ(move(unknown, "a"), "management_request_server_not_found");
}

TEST_P(ImmediateRequestsTest, AServerIsUnderMaintenance) {
  NewRequest begin = asked(MAINTENANCE_MODE_ENABLE, server);
  begin.comments = "Back at noon";
  EXPECT_EQ(add(begin), kDone);
  EXPECT_EQ(security_server(registry, server_id(server))->maintenance->message, "Back at noon");
  EXPECT_EQ(comment(), "Back at noon");
  EXPECT_EQ(add(begin), "management_request_server_already_in_maintenance_mode");
  EXPECT_EQ(add(asked(MAINTENANCE_MODE_DISABLE, server)), kDone);
  EXPECT_FALSE(security_server(registry, server_id(server))->maintenance);
  EXPECT_EQ(add(asked(MAINTENANCE_MODE_DISABLE, server)), "management_request_server_not_in_maintenance_mode");
  EXPECT_EQ(add(asked(MAINTENANCE_MODE_DISABLE, unknown)), "management_request_server_not_found");
  EXPECT_EQ(add(asked(MAINTENANCE_MODE_ENABLE, unknown)), "management_request_server_not_found");
  EXPECT_EQ(add(asked(MAINTENANCE_MODE_ENABLE, server)), kDone) << "also without a message";
  EXPECT_EQ(add(asked(MAINTENANCE_MODE_DISABLE, server)), kDone);
  const auto provide = [&](Change& change) { return set_management_service_provider(change, client_id(client)); };
  ASSERT_EQ(in_change(provide), kDone);
  EXPECT_EQ(add(begin), "mr_forbidden_enable_maintenance_mode_for_management_service");
}

TEST_P(ImmediateRequestsTest, DeletionsByTheCentreLeaveRequests) {
  const Bytes octets = certificate();
  ASSERT_EQ(add(asked_to_register(server, octets)), "WAITING");
  ASSERT_EQ(approve(latest), "APPROVED");
  const auto registered = latest;
  EXPECT_EQ(in_change([&](Change& change) { return remove_security_server(change, server_id(server)); }), kDone);
  const auto of_client = management_request(registry, registered + 1);
  EXPECT_EQ(of_client->type, CLIENT_DELETION);
  EXPECT_EQ(of_client->origin, RequestOrigin::center);
  EXPECT_EQ(of_client->client, client_id(client));
  EXPECT_EQ(of_client->comments, "SERVER:DEV/GOV/100/SS1 deletion");
  const auto of_certificate = management_request(registry, registered + 2);
  EXPECT_EQ(of_certificate->type, AUTH_CERT_DELETION);
  EXPECT_EQ(of_certificate->certificate, octets);
  EXPECT_EQ(of_certificate->comments, "SERVER:DEV/GOV/100/SS1 deletion");
  EXPECT_EQ(code_of(security_server(registry, server_id(server))), "security_server_not_found");
  EXPECT_EQ(in_change([&](Change& change) { return remove_security_server(change, server_id(server)); }),
            "security_server_not_found");
}

TEST_P(ImmediateRequestsTest, SoDoUnregistrationsByTheCentre) {
  const auto leave = [&] {
    return in_change([&](Change& change) { return remove_client(change, server_id(server), client_id(client)); });
  };
  EXPECT_EQ(leave(), kDone);
  EXPECT_EQ(leave(), "subsystem_not_registered_to_security_server");
  ASSERT_EQ(add(asked_to_register(server, certificate())), "WAITING");
  EXPECT_EQ(management_request(registry, latest - 1)->type, CLIENT_DELETION);
  ASSERT_EQ(approve(latest), "APPROVED");
  const auto number = authentication_certificates(registry, server_id(server))->front().number;
  const auto remove = [&] {
    return in_change(
        [&](Change& change) { return remove_authentication_certificate(change, server_id(server), number); });
  };
  EXPECT_EQ(remove(), kDone);
  EXPECT_EQ(management_request(registry, latest + 1)->type, AUTH_CERT_DELETION);
  EXPECT_EQ(remove(), "ss_auth_certificate_not_found");
}

}  // namespace
}  // namespace causeway::centralserver
