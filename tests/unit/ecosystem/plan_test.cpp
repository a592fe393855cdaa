// SPDX-License-Identifier: MIT
#include "ecosystem/plan.hpp"

#include <gtest/gtest.h>

#include <set>

#include "ecosystem/registers/codes.hpp"
#include "ecosystem/server_plan.hpp"

namespace causeway::ecosystem {
namespace {

TEST(Plan, GivesEveryServerAnAddressOfItsOwn) {
  const Plan plan = make_plan(true);
  std::set<std::string> addresses;
  for (const PlannedInstance& instance : plan.instances) {
    for (const PlannedServer* server : instance.servers()) addresses.insert(server->address);
  }
  EXPECT_EQ(addresses.size(), 4U);
}

TEST(Plan, NamesMembersByValidRegistryCodes) {
  for (const PlannedInstance& instance : make_plan(true).instances) {
    for (const PlannedServer* server : instance.servers()) {
      EXPECT_TRUE(is_registry_code(instance.country, server->id.owner().member_code())) << server->id.to_string();
    }
  }
}

TEST(Plan, WithoutFederationIsOneCountryAlone) {
  const Plan plan = make_plan(false);
  ASSERT_EQ(plan.instances.size(), 1U);
  EXPECT_EQ(&plan.partner_of(plan.instances[0]), &plan.instances[0]);
}

class ServerPlanTest : public ::testing::Test {
 protected:
  const Plan plan_ = make_plan(true);
  const PlannedInstance& estonia_ = plan_.instances[0];
  const PlannedInstance& finland_ = plan_.instances[1];
  const ServerPlanInputs inputs_{.registers_url = "http://127.0.0.1:1",
                                 .timestamping_url = "http://127.0.0.1:2/tsa",
                                 .management_url = "https://127.0.0.1:3/managementservice/manage/",
                                 .management_wsdl = "http://127.0.0.1:4/managementservices.wsdl"};
};

TEST_F(ServerPlanTest, OwnersOfServersMayAskTheCentreWhereThereIsOne) {
  const auto with = provider_configuration(plan_, estonia_, inputs_);
  const auto& client = with.clients.at(estonia_.management);
  EXPECT_EQ(client.services.size(), 10U);
  EXPECT_TRUE(client.find_service("clientReg", "")->verify_tls);
  EXPECT_EQ(client.rights.of_service("clientReg")->at(0).global_groups,
            (std::vector<GlobalGroupId>{{"EE", "security-server-owners"}}));
  ServerPlanInputs none = inputs_;
  none.management_url.clear();
  EXPECT_TRUE(provider_configuration(plan_, estonia_, none).clients.at(estonia_.management).services.empty());
}

TEST_F(ServerPlanTest, SurvivesTheConfigurationFile) {
  for (const auto& configuration :
       {provider_configuration(plan_, estonia_, inputs_), consumer_configuration(finland_, inputs_)}) {
    const std::string text = securityserver::export_configuration(configuration);
    EXPECT_NE(text.find(configuration.id.code()), std::string::npos);
  }
}

TEST_F(ServerPlanTest, GivesTheVisitorNoRightAtAll) {
  const auto configuration = provider_configuration(plan_, estonia_, inputs_);
  for (const auto& [id, client] : configuration.clients) {
    for (const auto& right : client.rights.list()) {
      EXPECT_NE(right.subject, securityserver::Subject(estonia_.visitor));
      EXPECT_NE(right.subject, securityserver::Subject(finland_.visitor));
    }
    for (const auto& [code, members] : client.local_groups) {
      EXPECT_FALSE(members.contains(estonia_.visitor));
      EXPECT_FALSE(members.contains(finland_.visitor));
    }
  }
  for (const auto& member : estonia_.partners.members) EXPECT_NE(member, estonia_.visitor);
}

TEST_F(ServerPlanTest, OffersEveryNamedService) {
  const auto configuration = provider_configuration(plan_, finland_, inputs_);
  const auto has = [&](const ClientId& client, std::string_view code, std::string_view version = {}) {
    return configuration.clients.at(client).find_service(std::string(code), std::string(version)) != nullptr;
  };
  EXPECT_TRUE(has(finland_.population, service::kPopulation));
  EXPECT_TRUE(has(finland_.population, service::kPersonByCode, service::kSoapVersion));
  EXPECT_TRUE(has(finland_.business, service::kBusiness));
  EXPECT_TRUE(has(finland_.business, service::kBoardMembers, service::kSoapVersion));
  EXPECT_TRUE(has(finland_.lab, service::kObjects));
  EXPECT_TRUE(has(finland_.lab, service::kEcho, service::kSoapVersion));
  EXPECT_TRUE(configuration.clients.at(finland_.lab).find_service(std::string(service::kArchive), "")->disabled);
}

}  // namespace
}  // namespace causeway::ecosystem
