// SPDX-License-Identifier: MIT
#include "ecosystem/central_changes.hpp"

#include <gtest/gtest.h>

namespace causeway::ecosystem {
namespace {

using globalconf::InstanceDescription;

ClientId client(const std::string& text) { return *ClientId::parse_rest(text); }
ServerId server(const std::string& text) { return *ServerId::parse_rest(text); }

// Two members with a server and a subsystem each.
InstanceDescription plan() {
  InstanceDescription description;
  description.instance = "EE";
  for (const std::string code : {"1", "2"}) {
    description.members.push_back(
        {.member_class = {"GOV", {}}, .code = code, .name = code, .subsystems = {{"sub", {}}}});
    description.servers.push_back({.id = server("EE/GOV/" + code + "/ss"),
                                   .address = "192.0.2." + code,
                                   .authentication_certificates = {},
                                   .clients = {client("EE/GOV/" + code + "/sub")},
                                   .maintenance = {}});
  }
  description.global_groups.push_back({"all", "All", {client("EE/GOV/1/sub"), client("EE/GOV/2/sub")}});
  description.certification_services.emplace_back();
  return description;
}

InstanceDescription changed(std::string_view json) {
  InstanceDescription description = plan();
  const auto changes = CentralChanges::from_json(json);
  EXPECT_TRUE(changes.ok()) << changes.error().text;
  changes->apply_to(description);
  return description;
}

TEST(CentralChanges, NoneLeaveThePlanAsItIs) {
  const auto description = changed("");
  EXPECT_EQ(description.members.size(), 2U);
  EXPECT_EQ(description.servers.size(), 2U);
  EXPECT_EQ(description.certification_services.size(), 1U);
}

TEST(CentralChanges, AMemberGoesWithAllThatIsIts) {
  const auto description = changed(R"({"without_members": ["EE/GOV/2"]})");
  ASSERT_EQ(description.members.size(), 1U);
  EXPECT_EQ(description.members[0].code, "1");
  ASSERT_EQ(description.servers.size(), 1U);
  EXPECT_EQ(description.global_groups[0].members, std::vector{client("EE/GOV/1/sub")});
}

TEST(CentralChanges, AClientGoesFromMembersServersAndGroups) {
  const auto description = changed(R"({"without_clients": ["EE/GOV/2/sub"]})");
  ASSERT_EQ(description.members.size(), 2U);
  EXPECT_TRUE(description.members[1].subsystems.empty());
  EXPECT_TRUE(description.servers[1].clients.empty());
  EXPECT_EQ(description.global_groups[0].members, std::vector{client("EE/GOV/1/sub")});
}

TEST(CentralChanges, AClientMovesAndAServerHasAnotherAddress) {
  const auto description =
      changed(R"({"moved": {"EE/GOV/1/sub": "EE/GOV/2/ss"}, "addresses": {"EE/GOV/1/ss": "192.0.2.9"}})");
  EXPECT_TRUE(description.servers[0].clients.empty());
  EXPECT_EQ(description.servers[1].clients, (std::vector{client("EE/GOV/2/sub"), client("EE/GOV/1/sub")}));
  EXPECT_EQ(description.servers[0].address, "192.0.2.9");
  EXPECT_EQ(description.servers[1].address, "192.0.2.2");
}

TEST(CentralChanges, TimesAndTrustChange) {
  const auto description = changed(R"({"ocsp_freshness": 7, "without_authorities": true, "validity": 9})");
  EXPECT_EQ(description.ocsp_freshness, std::chrono::seconds(7));
  EXPECT_TRUE(description.certification_services.empty());
  EXPECT_EQ(CentralChanges::from_json(R"({"validity": 9})")->validity, std::chrono::seconds(9));
}

TEST(CentralChanges, WhatCannotBeReadIsRefused) {
  for (const std::string_view text :
       {"nonsense", "[]", R"({"validity": 0})", R"({"validity": "9"})", R"({"without_clients": "EE/GOV/1/sub"})",
        R"({"without_clients": ["EE"]})", R"({"moved": {"EE/GOV/1/sub": 1}})", R"({"typo": true})"}) {
    const auto changes = CentralChanges::from_json(text);
    ASSERT_FALSE(changes.ok()) << text;
    EXPECT_EQ(changes.error().code, "bad_request");
  }
}

}  // namespace
}  // namespace causeway::ecosystem
