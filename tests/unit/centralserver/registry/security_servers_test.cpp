// SPDX-License-Identifier: MIT
// Security servers, their clients and certificates, and who serves the management requests.
#include "centralserver/registry/security_servers.hpp"

#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/management_service.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class SecurityServersTest : public RegistryTest {
 protected:
  const ServerId ss1 = server_id("DEV/GOV/100/SS1"), ss2 = server_id("DEV/COM/200/SS2"),
                 unknown = server_id("DEV/GOV/100/SS9");
  const ClientId agency = client_id("DEV/GOV/100"), company = client_id("DEV/COM/200"),
                 mgmt = client_id("DEV/GOV/100/MGMT"), client = client_id("DEV/COM/200/client");

  std::string join(const ServerId& server, const ClientId& id, const std::string& name = {}) {
    return in_change([&](Change& change) { return register_client(change, server, id, name); });
  }
  std::vector<std::string> owners() {
    std::vector<std::string> out;
    const auto members = global_group_members(registry, "security-server-owners");
    if (members)
      for (const RegisteredGroupMember& member : *members) out.push_back(member.id.to_rest());
    return out;
  }
};
CAUSEWAY_ON_BOTH_ENGINES(SecurityServersTest);

TEST_P(SecurityServersTest, ARegistrationMakesTheServerAndItsOwnerAnOwner) {
  fill();
  const auto server = security_server(registry, ss1);
  ASSERT_TRUE(server);
  EXPECT_EQ(server->id, ss1);
  EXPECT_EQ(server->address, "127.0.0.2");
  EXPECT_FALSE(server->maintenance);
  EXPECT_EQ(owners(), (std::vector<std::string>{"DEV/GOV/100", "DEV/COM/200"}));
  const auto enrol = [&](const ServerId& id, const std::string& address) {
    return in_change([&](Change& change) { return register_security_server(change, id, address); });
  };
  EXPECT_EQ(enrol(ss1, "ss1.example.org"), kDone) << "again, at another address";
  EXPECT_EQ(security_server(registry, ss1)->address, "ss1.example.org");
  EXPECT_EQ(security_servers(registry)->size(), 2U);
  EXPECT_EQ(enrol(server_id("DEV/GOV/7/SS1"), "a"), "management_request_server_owner_not_found");
  EXPECT_EQ(enrol(server_id("FI/GOV/100/SS1"), "a"), "management_request_server_owner_not_found");
  EXPECT_EQ(enrol(server_id("DEV/GOV/100/S%1"), "a"), "validation_failure");
  EXPECT_EQ(enrol(unknown, "a b"), "management_request_invalid_server_address");
}

TEST_P(SecurityServersTest, AnAddressIsChanged) {
  fill();
  const auto move = [&](const ServerId& id, const std::string& address) {
    return in_change([&](Change& change) { return set_server_address(change, id, address); });
  };
  EXPECT_EQ(move(ss1, "10.0.0.1"), kDone);
  EXPECT_EQ(security_server(registry, ss1)->address, "10.0.0.1");
  EXPECT_EQ(latest_history(), std::vector<std::string>{"changed security server SERVER:DEV/GOV/100/SS1 address"});
  EXPECT_EQ(move(unknown, "10.0.0.1"), "security_server_not_found");
  EXPECT_EQ(move(ss1, "http://10.0.0.1"), "validation_failure");
}

TEST_P(SecurityServersTest, ACertificateIsRegisteredOnce) {
  fill();
  const auto& pki = sample_pki();
  const auto add = [&](const ServerId& server, const Bytes& certificate) {
    return in_change([&](Change& change) { return add_authentication_certificate(change, server, certificate); });
  };
  EXPECT_EQ(add(ss1, pki.first_auth.der()), kDone);
  EXPECT_EQ(add(ss1, pki.first_auth.der()), "management_request_security_server_exists");
  EXPECT_EQ(add(ss2, to_bytes(pki.first_auth.to_pem())), "management_request_security_server_exists");
  EXPECT_EQ(add(ss1, to_bytes(pki.second_auth.to_pem())), kDone);
  EXPECT_EQ(add(ss1, pki.ca.der()), "management_request_invalid_auth_certificate");
  EXPECT_EQ(add(ss1, to_bytes("none")), "management_request_invalid_auth_certificate");
  EXPECT_EQ(add(unknown, pki.second_auth.der()), "security_server_not_found");

  const auto certificates = authentication_certificates(registry, ss1);
  ASSERT_EQ(certificates->size(), 2U);
  EXPECT_EQ(certificates->front().certificate, pki.first_auth);
  const auto number = certificates->front().number;
  const auto remove = [&](const ServerId& server) {
    return in_change([&](Change& change) { return delete_authentication_certificate(change, server, number); });
  };
  EXPECT_EQ(remove(ss2), "ss_auth_certificate_not_found") << "it is that of another server";
  EXPECT_EQ(remove(ss1), kDone);
  EXPECT_EQ(remove(ss1), "ss_auth_certificate_not_found");
  EXPECT_EQ(authentication_certificates(registry, ss1)->size(), 1U);
}

TEST_P(SecurityServersTest, ClientsAreRegisteredWithOrWithoutASubsystemThatIsThere) {
  fill();
  EXPECT_EQ(join(ss1, client), kDone);
  EXPECT_EQ(join(ss1, client), "management_request_client_already_registered");
  EXPECT_EQ(join(ss2, client), kDone) << "of more than one server";
  EXPECT_EQ(join(ss1, company), kDone) << "a member itself";
  EXPECT_EQ(join(ss1, agency), "management_request_cannot_register_owner");
  EXPECT_EQ(join(unknown, client), "management_request_server_not_found");
  EXPECT_EQ(join(ss1, client_id("DEV/GOV/7")), "management_request_member_not_found");
  EXPECT_EQ(join(ss1, client_id("DEV/GOV/7/x")), "management_request_member_not_found");
  EXPECT_EQ(join(ss1, client_id("DEV/COM/200/a%b")), "validation_failure");
  EXPECT_EQ(join(ss1, client_id("DEV/COM/200/new"), "A new one"), kDone);
  EXPECT_EQ(subsystem(registry, client_id("DEV/COM/200/new"))->name, "A new one");
  EXPECT_EQ(join(ss2, client_id("DEV/COM/200/new"), "Renamed"), kDone);
  EXPECT_EQ(subsystem(registry, client_id("DEV/COM/200/new"))->name, "Renamed");
  EXPECT_EQ(join(ss1, mgmt), kDone);
  EXPECT_EQ(server_clients(registry, ss1)->size(), 4U);
  EXPECT_EQ(*servers_with_client(registry, client), (std::vector<ServerId>{ss1, ss2}));
}

TEST_P(SecurityServersTest, ClientsLeave) {
  fill();
  ASSERT_EQ(join(ss1, client), kDone);
  const auto leave = [&](const ServerId& server, const ClientId& id) {
    return in_change([&](Change& change) { return unregister_client(change, server, id); });
  };
  EXPECT_EQ(leave(ss1, company), "member_not_registered_to_security_server");
  EXPECT_EQ(leave(ss1, mgmt), "subsystem_not_registered_to_security_server");
  EXPECT_EQ(leave(ss1, client_id("DEV/GOV/7/x")), "subsystem_not_registered_to_security_server");
  EXPECT_EQ(leave(unknown, client), "security_server_not_found");
  EXPECT_EQ(leave(ss1, client), kDone);
  EXPECT_TRUE(server_clients(registry, ss1)->empty());
  EXPECT_TRUE(subsystem(registry, client)) << "the subsystem stays";
}

TEST_P(SecurityServersTest, ClientsAreDisabledAndEnabled) {
  fill();
  ASSERT_EQ(join(ss1, client), kDone);
  const auto enable = [&](const ServerId& server, const ClientId& id, bool on) {
    return in_change([&](Change& change) { return enable_client(change, server, id, on); });
  };
  EXPECT_EQ(enable(ss1, client, false), kDone);
  EXPECT_FALSE(server_clients(registry, ss1)->front().enabled);
  EXPECT_TRUE(servers_with_client(registry, client)->empty());
  EXPECT_EQ(enable(ss1, client, true), kDone);
  EXPECT_TRUE(server_clients(registry, ss1)->front().enabled);
  EXPECT_EQ(enable(ss2, client, false), "management_request_server_client_not_found");
  EXPECT_EQ(enable(unknown, client, false), "management_request_server_client_not_found");
}

TEST_P(SecurityServersTest, TheManagementServiceHasOneProviderThatStaysInUse) {
  fill();
  const auto enrol = [&](const ServerId& server) {
    return in_change([&](Change& change) { return register_management_service_provider(change, server); });
  };
  const auto choose = [&](const ClientId& id) {
    return in_change([&](Change& change) { return set_management_service_provider(change, id); });
  };
  EXPECT_FALSE(management_service(registry)->provider);
  EXPECT_EQ(enrol(ss1), "management_service_provider_not_set");
  EXPECT_EQ(choose(client_id("DEV/GOV/100/none")), "subsystem_not_found");
  EXPECT_EQ(choose(agency), "subsystem_not_found") << "a member cannot be it";
  EXPECT_EQ(choose(mgmt), kDone);
  EXPECT_TRUE(management_service(registry)->servers.empty());
  EXPECT_EQ(enrol(ss1), kDone);
  EXPECT_EQ(management_service(registry)->provider, mgmt);
  EXPECT_EQ(management_service(registry)->servers, std::vector<ServerId>{ss1});
  EXPECT_EQ(enrol(ss2), "subsystem_already_registered_to_security_server");
  EXPECT_EQ(in_change([&](Change& change) { return enable_client(change, ss1, mgmt, false); }),
            "mr_forbidden_disable_management_service_client");
  EXPECT_EQ(in_change([&](Change& change) { return begin_maintenance(change, ss1, "no"); }),
            "mr_forbidden_enable_maintenance_mode_for_management_service");
}

TEST_P(SecurityServersTest, MaintenanceBeginsAndEnds) {
  fill();
  const auto begin = [&](const ServerId& id, const std::optional<std::string>& message) {
    return in_change([&](Change& change) { return begin_maintenance(change, id, message); });
  };
  const auto end = [&](const ServerId& id) {
    return in_change([&](Change& change) { return end_maintenance(change, id); });
  };
  EXPECT_EQ(end(ss2), "management_request_server_not_in_maintenance_mode");
  EXPECT_EQ(begin(ss2, "a\nb"), "validation_failure");
  EXPECT_EQ(begin(ss2, "back on Monday"), kDone);
  EXPECT_EQ(security_server(registry, ss2)->maintenance->message, "back on Monday");
  EXPECT_EQ(begin(ss2, std::nullopt), "management_request_server_already_in_maintenance_mode");
  EXPECT_EQ(end(ss2), kDone);
  EXPECT_FALSE(security_server(registry, ss2)->maintenance);
  EXPECT_EQ(begin(ss2, std::nullopt), kDone);
  EXPECT_EQ(security_server(registry, ss2)->maintenance->message, std::nullopt);
  EXPECT_EQ(begin(unknown, std::nullopt), "management_request_server_not_found");
  EXPECT_EQ(end(unknown), "management_request_server_not_found");
}

TEST_P(SecurityServersTest, AClientBecomesTheOwner) {
  fill();
  const auto pass_on = [&](const ServerId& server, const ClientId& owner) {
    return in_change([&](Change& change) { return change_owner(change, server, owner); });
  };
  EXPECT_EQ(pass_on(ss1, client), "management_request_owner_must_be_member");
  EXPECT_EQ(pass_on(ss1, agency), "management_request_client_already_owner");
  EXPECT_EQ(pass_on(ss1, company), "management_request_owner_must_be_client");
  EXPECT_EQ(pass_on(unknown, company), "management_request_server_not_found");
  ASSERT_EQ(join(ss1, company), kDone);
  ASSERT_EQ(in_change([&](Change& change) {
              return register_security_server(change, server_id("DEV/COM/200/SS1"), "127.0.0.9");
            }),
            kDone);
  EXPECT_EQ(pass_on(ss1, company), "management_request_server_code_exists");
  ASSERT_EQ(in_change([&](Change& change) { return delete_security_server(change, server_id("DEV/COM/200/SS1")); }),
            kDone);
  EXPECT_EQ(pass_on(ss1, company), kDone);
  EXPECT_EQ(code_of(security_server(registry, ss1)), "security_server_not_found");
  const auto clients = server_clients(registry, server_id("DEV/COM/200/SS1"));
  ASSERT_TRUE(clients);
  ASSERT_EQ(clients->size(), 1U);
  EXPECT_EQ(clients->front().id, agency) << "the owner before is a client now";
  EXPECT_EQ(owners(), std::vector<std::string>{"DEV/COM/200"}) << "the owner before has no other server";
}

TEST_P(SecurityServersTest, AServerGoesWithItsClientsAndCertificates) {
  fill();
  ASSERT_EQ(join(ss1, client), kDone);
  ASSERT_EQ(in_change([&](Change& change) {
              return add_authentication_certificate(change, ss1, sample_pki().first_auth.der());
            }),
            kDone);
  EXPECT_EQ(in_change([&](Change& change) { return delete_security_server(change, ss1); }), kDone);
  EXPECT_EQ(owners(), std::vector<std::string>{"DEV/COM/200"});
  EXPECT_EQ(latest_history(), (std::vector<std::string>{"deleted client of security server SERVER:DEV/GOV/100/SS1",
                                                        "deleted authentication certificate SERVER:DEV/GOV/100/SS1",
                                                        "deleted security server SERVER:DEV/GOV/100/SS1",
                                                        "deleted global group member security-server-owners"}));
  EXPECT_EQ(in_change([&](Change& change) { return delete_security_server(change, ss1); }),
            "security_server_not_found");
  ASSERT_EQ(in_change([&](Change& change) {
              return add_authentication_certificate(change, ss2, sample_pki().first_auth.der());
            }),
            kDone)
      << "the certificate is free again";
}

}  // namespace
}  // namespace causeway::centralserver
