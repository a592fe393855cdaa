// SPDX-License-Identifier: MIT
#include "ecosystem/crowd.hpp"

#include <gtest/gtest.h>

#include <set>

namespace causeway::ecosystem {
namespace {

globalconf::InstanceDescription country() {
  globalconf::InstanceDescription description;
  description.instance = "EE";
  description.member_classes = {{"GOV", ""}, {"COM", ""}};
  description.members = {{{"GOV", ""}, "1", "Planned", {}}, {{"COM", ""}, "2", "Planned too", {}}};
  return description;
}

TEST(Crowd, FillsACountryWithMembersSubsystemsAndServers) {
  auto description = country();
  ASSERT_TRUE(add_members(description, 102));
  ASSERT_EQ(description.members.size(), 102U);
  ASSERT_EQ(description.servers.size(), 5U);
  std::set<Bytes> certificates;
  std::set<ClientId> clients;
  for (const auto& server : description.servers) {
    certificates.insert(server.authentication_certificates.at(0).der());
    clients.insert(server.clients.begin(), server.clients.end());
  }
  EXPECT_EQ(certificates.size(), 5U);
  EXPECT_EQ(clients.size(), 300U);
  EXPECT_TRUE(globalconf::shared_parameters_of(description, 6)) << "all that servers name is described";
}

TEST(Crowd, NobodyIsAddedWhereThereAreEnough) {
  auto description = country();
  ASSERT_TRUE(add_members(description, 2));
  EXPECT_EQ(description.members.size(), 2U);
  EXPECT_TRUE(description.servers.empty());
}

TEST(Crowd, SpreadsRightsOverServices) {
  securityserver::Client client{.id = *ClientId::make("EE", "GOV", "1", "lab"),
                                .information_system_certificates = {},
                                .services = {},
                                .rights = {},
                                .local_groups = {}};
  ASSERT_TRUE(add_services(client, "http://127.0.0.1:1/", 50, 1000));
  EXPECT_EQ(client.services.size(), 50U);
  EXPECT_EQ(client.rights.size(), 1000U);
  for (const auto& [code, versions] : client.services) {
    ASSERT_NE(client.rights.of_service(code), nullptr) << code;
    EXPECT_EQ(client.rights.of_service(code)->at(0).clients.size(), 20U) << code;
  }
}

}  // namespace
}  // namespace causeway::ecosystem
