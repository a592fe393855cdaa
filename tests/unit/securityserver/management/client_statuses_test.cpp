// SPDX-License-Identifier: MIT
#include "securityserver/management/client_statuses.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "securityserver/management/registration_file.hpp"
#include "securityserver/management/server_requests.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/management/centre_view.hpp"

namespace causeway::securityserver {
namespace {

using enum ClientStatus;

ClientId id(std::string_view text) { return *ClientId::parse_rest(text); }

class ClientStatuses : public ::testing::Test {
 protected:
  ClientStatuses() {
    for (const ClientId& client : {owner, member, tax, management}) add(client);
  }
  void add(const ClientId& client, ClientStatus configured = saved) {
    configuration.clients.insert_or_assign(client, Client{.id = client,
                                                          .configured_status = configured,
                                                          .information_system_certificates = {},
                                                          .services = {},
                                                          .rights = {},
                                                          .local_groups = {}});
  }
  const Client& client(const ClientId& which) { return configuration.clients.at(which); }
  ClientStatus status(const ClientId& which) { return noted.status_of(client(which)); }

  void list(std::vector<ClientId> clients) {
    view.forget_servers();
    view.add_server(server, std::move(clients));
  }
  std::size_t follow() { return follow_configuration(noted, configuration, view).size(); }

  // The status afterwards, or the code of the refusal.
  std::string ask(CentreService service, const ClientId& about, std::optional<std::string> name = {}) {
    CentreRequest request{.service = service, .server = server, .client = about, .subsystem_name = std::move(name)};
    const auto allowed = check_client_request(request, configuration, noted, view);
    if (!allowed) return allowed.error().code;
    note_request(noted, request, client(about), view, service != CentreService::clientRename || *allowed != saved);
    return std::string(to_string(status(about)));
  }
  // The same from a status that is noted, and that the configuration leaves as it is.
  std::string ask_from(ClientStatus before, CentreService service) {
    noted.note(client(tax), before);
    list(status_by_configuration(before, false) == before ? std::vector<ClientId>() : std::vector<ClientId>{tax});
    return ask(service, tax);
  }

  const ClientId owner = id("EX/GOV/1"), member = id("EX/GOV/2"), tax = id("EX/GOV/2/tax"),
                 management = id("EX/GOV/1/management");
  const ServerId server = *ServerId::parse_rest("EX/GOV/1/ss1");
  ServerConfiguration configuration{server, {}, {}};
  Registrations noted;
  CentreView view{management};
};

TEST_F(ClientStatuses, FollowTheGlobalConfiguration) {
  EXPECT_EQ(follow(), 0U) << "it does not know the server";
  list({tax});
  EXPECT_EQ(follow(), 2U);
  EXPECT_EQ(status(owner), registered);
  EXPECT_EQ(status(tax), registered);
  EXPECT_EQ(status(member), saved);
  EXPECT_EQ(follow(), 0U);
  list({});
  EXPECT_EQ(follow(), 1U);
  EXPECT_EQ(status(tax), global_error);
  list({tax});
  EXPECT_EQ(follow(), 1U);
  EXPECT_EQ(status(tax), registered);
}

TEST_F(ClientStatuses, BeginWithWhatTheAdministratorWrote) {
  add(tax, registered);
  add(member, disabled);
  list({member});
  follow();
  EXPECT_EQ(status(tax), global_error);
  EXPECT_EQ(status(member), disabled) << "it is listed, and not wanted";
  add(tax);
  EXPECT_EQ(status(tax), saved) << "he wrote another one";
  follow();
  EXPECT_FALSE(noted.clients.contains(tax)) << "what is void is forgotten";
}

TEST_F(ClientStatuses, OfClientsThatAreGoneAreForgotten) {
  list({tax});
  follow();
  configuration.clients.erase(tax);
  follow();
  add(tax);
  EXPECT_EQ(status(tax), saved);
}

TEST_F(ClientStatuses, GoTheWayOfRequests) {
  list({});
  follow();
  EXPECT_EQ(ask(CentreService::clientReg, tax), "registration in progress");
  list({tax});
  follow();
  EXPECT_EQ(ask(CentreService::clientDisable, tax), "disabling in progress");
  follow();
  EXPECT_EQ(status(tax), disabling_in_progress) << "the configuration is an old one still";
  list({});
  follow();
  EXPECT_EQ(status(tax), disabled);
  EXPECT_EQ(ask(CentreService::clientEnable, tax), "enabling in progress");
  follow();
  EXPECT_EQ(status(tax), enabling_in_progress);
  list({tax});
  EXPECT_EQ(ask(CentreService::clientDisable, tax), "disabling in progress") << "the configuration at hand counts";
  noted.note(client(tax), registered);
  EXPECT_EQ(ask(CentreService::clientDeletion, tax), "deletion in progress");
  follow();
  list({});
  follow();
  EXPECT_EQ(status(tax), deletion_in_progress) << "until it is taken out of server.yaml";
}

TEST_F(ClientStatuses, AllowWhatXRoadAllows) {
  struct Row {
    CentreService service;
    std::vector<ClientStatus> from;
    std::string to;
  };
  const std::vector<Row> rows{
      {CentreService::clientReg, {saved}, "registration in progress"},
      {CentreService::clientDeletion, {registered, registration_in_progress, disabled}, "deletion in progress"},
      {CentreService::clientDisable, {registered}, "disabling in progress"},
      {CentreService::clientEnable, {disabled}, "enabling in progress"}};
  for (const Row& row : rows)
    for (const std::string_view text : client_statuses()) {
      const ClientStatus before = *client_status(text);
      const bool allowed = std::ranges::find(row.from, before) != row.from.end();
      EXPECT_EQ(ask_from(before, row.service), allowed ? row.to : "action_not_possible")
          << to_string(row.service) << " of one that is " << text;
    }
}

TEST_F(ClientStatuses, OfTheOwnerAndTheManagementServicesStay) {
  list({management, member});
  EXPECT_EQ(ask(CentreService::clientReg, owner), "cannot_register_owner");
  EXPECT_EQ(ask(CentreService::clientDeletion, owner), "cannot_unregister_owner");
  EXPECT_EQ(ask(CentreService::clientDisable, management), "forbidden_disable_management_service_client");
  EXPECT_EQ(ask(CentreService::clientReg, id("EX/GOV/9")), "client_not_found");
}

TEST_F(ClientStatuses, LetARegisteredMemberBecomeTheOwner) {
  list({tax});
  EXPECT_EQ(ask(CentreService::ownerChange, member), "action_not_possible") << "it is not registered";
  EXPECT_EQ(ask(CentreService::ownerChange, tax), "action_not_possible") << "it is a subsystem";
  EXPECT_EQ(ask(CentreService::ownerChange, owner), "member_already_owner");
  list({member});
  follow();
  EXPECT_EQ(ask(CentreService::ownerChange, member), "registered");
}

TEST_F(ClientStatuses, GoWithNames) {
  list({});
  EXPECT_EQ(ask(CentreService::clientRename, tax, "Taxes"), "saved");
  EXPECT_EQ(noted.find(client(tax))->renaming, (Renaming{"", "Taxes", false})) << "it goes along";
  EXPECT_EQ(ask(CentreService::clientReg, tax, "Taxes"), "registration in progress");
  EXPECT_EQ(noted.find(client(tax))->renaming, (Renaming{"", "Taxes", true}));
  EXPECT_EQ(ask(CentreService::clientRename, tax, "Duties"), "action_not_possible");
  list({tax});
  follow();
  EXPECT_EQ(ask(CentreService::clientRename, tax, "Duties"), "client_rename_already_submitted");
  view.names[tax] = "Taxes";
  follow();
  EXPECT_FALSE(noted.find(client(tax))->renaming) << "it has arrived";
  EXPECT_EQ(ask(CentreService::clientRename, tax, "Taxes"), "invalid_client_name") << "that is its name";
  EXPECT_EQ(ask(CentreService::clientRename, tax, "Duties"), "registered");
  EXPECT_EQ(noted.find(client(tax))->renaming, (Renaming{"Taxes", "Duties", true}));
  EXPECT_EQ(ask(CentreService::clientRename, member, "Duties"), "action_not_possible") << "members are not renamed so";
  view.version = 4;
  EXPECT_EQ(ask(CentreService::clientRename, tax, "Customs"), "action_not_possible");
}

TEST_F(ClientStatuses, OfTheServerAreItsAddressAndItsMaintenance) {
  const auto ask = [&](CentreRequest request) {
    request.server = server;
    const auto allowed = check_server_request(request, configuration, noted, view);
    if (allowed) note_server_request(noted, request, view);
    return allowed ? std::string() : allowed.error().code;
  };
  const auto move_to = [&](const std::string& address) {
    return ask({.service = CentreService::addressChange, .server = server, .address = address});
  };
  const auto maintain = [&](bool begins) {
    return ask({.service = begins ? CentreService::maintenanceModeEnable : CentreService::maintenanceModeDisable,
                .server = server});
  };
  EXPECT_EQ(move_to("a"), "") << "the centre will say that it does not know the server";
  list({});
  view.entry(server).address = "a";
  EXPECT_EQ(move_to("a"), "same_address_change_request");
  EXPECT_EQ(move_to("b"), "");
  follow_server(noted, server, view);
  EXPECT_EQ(noted.address, (AddressChange{"a", "b"}));
  EXPECT_EQ(move_to("c"), "address_change_request_already_submitted");
  view.entry(server).address = "b";
  EXPECT_EQ(move_to("c"), "") << "the configuration at hand counts";
  view.entry(server).address = "d";
  follow_server(noted, server, view);
  EXPECT_FALSE(noted.address) << "it has moved, wherever to";

  EXPECT_EQ(maintain(true), "forbidden_enable_maintenance_mode_for_management_service");
  configuration.clients.erase(management);
  EXPECT_EQ(maintain(false), "already_disabled_maintenance_mode");
  EXPECT_EQ(maintain(true), "");
  follow_server(noted, server, view);
  EXPECT_EQ(noted.maintenance, (MaintenanceChange{true, ""}));
  EXPECT_EQ(maintain(true), "maintenance_mode_change_request_already_submitted");
  EXPECT_EQ(maintain(false), "maintenance_mode_change_request_already_submitted");
  view.entry(server).maintenance = "Back at noon";
  follow_server(noted, server, view);
  EXPECT_FALSE(noted.maintenance);
  EXPECT_EQ(maintain(true), "already_enabled_maintenance_mode");
  EXPECT_EQ(maintain(false), "");
}

TEST(RegistrationFile, IsChangedByOneAfterTheOther) {
  const testing::TemporaryDirectory directory;
  constexpr int kWriters = 4, kEach = 25;
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.emplace_back([&, writer] {
      const RegistrationFile file(directory / "server.yaml");
      for (int i = 0; i < kEach; ++i) {
        const ClientId client = *ClientId::make("EX", "GOV", std::to_string(writer), std::to_string(i));
        const auto changed = file.change(
            [&](Registrations& noted) { noted.clients[client] = {.configured = saved, .status = registered}; });
        EXPECT_TRUE(changed);
      }
    });
  writers.clear();
  EXPECT_EQ(read_registrations(directory / "registrations.json")->clients.size(), std::size_t{kWriters * kEach});
}

TEST(RegistrationFile, IsNotWrittenForNothing) {
  const testing::TemporaryDirectory directory;
  const RegistrationFile file(directory / "server.yaml");
  ASSERT_TRUE(file.change([](Registrations&) {}));
  EXPECT_FALSE(std::filesystem::exists(directory / "registrations.json"));
}

}  // namespace
}  // namespace causeway::securityserver
