// SPDX-License-Identifier: MIT
#include <regex>

#include "centralserver/registry/security_servers.hpp"
#include "unit/centralserver/api/api_fixture.hpp"

namespace causeway::centralserver {
namespace {

class GlobalGroupsApi : public CentralServerApi {
 protected:
  void SetUp() override {
    CentralServerApi::SetUp();
    ASSERT_EQ(security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})").status, 201);
    for (const char* code : {"1", "2"})
      ASSERT_EQ(officer("POST", "/members",
                        R"({"member_name":"A","member_id":{"member_class":"GOV","member_code":")" + std::string(code) +
                            "\"}}")
                    .status,
                201);
    ASSERT_EQ(officer("POST", "/global-groups", R"({"code":"auditors","description":"May read everything"})").status,
              201);
  }
  std::string group() const { return officer("GET", "/global-groups/auditors").body; }
};

TEST_F(GlobalGroupsApi, AreReadDescribedAnewAndDeleted) {
  EXPECT_TRUE(std::regex_match(
      group(), std::regex(R"re(\{"code":"auditors","description":"May read everything","member_count":0,)re"
                          R"re("created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","updated_at":"[-0-9T:.]+Z"\})re")))
      << group();
  EXPECT_NE(officer("GET", "/global-groups").body.find(R"("code":"security-server-owners")"), std::string::npos);
  EXPECT_EQ(officer("PATCH", "/global-groups/auditors", R"({"description":"Look"})").status, 200);
  EXPECT_NE(group().find(R"("description":"Look")"), std::string::npos);
  EXPECT_EQ(officer("DELETE", "/global-groups/auditors").status, 204);
  EXPECT_EQ(group(), error(404, "global_group_not_found"));
}

TEST_F(GlobalGroupsApi, MembersComeAndGo) {
  const Reply added = officer("POST", "/global-groups/auditors/members/add", R"({"items":["EX:GOV:1","EX:GOV:2"]})");
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.body, R"({"items":["EX:GOV:1","EX:GOV:2"]})");
  EXPECT_EQ(officer("POST", "/global-groups/auditors/members/add", R"({"items":["EX:GOV:2"]})").body,
            R"({"items":[]})");
  EXPECT_NE(group().find(R"("member_count":2)"), std::string::npos);
  EXPECT_EQ(officer("DELETE", "/global-groups/auditors/members/EX:GOV:1").status, 204);
  EXPECT_NE(group().find(R"("member_count":1)"), std::string::npos);
  EXPECT_EQ(officer("DELETE", "/global-groups/auditors/members/EX:GOV:1").body, error(404, "member_not_found"));
}

TEST_F(GlobalGroupsApi, LeavesOutWhoIsDeleted) {
  ASSERT_EQ(officer("POST", "/subsystems",
                    R"({"subsystem_id":{"member_class":"GOV","member_code":"1","subsystem_code":"tax"}})")
                .status,
            201);
  ASSERT_EQ(officer("POST", "/global-groups/auditors/members/add", R"({"items":["EX:GOV:1:tax","EX:GOV:2"]})").status,
            201);
  ASSERT_EQ(officer("DELETE", "/subsystems/EX:GOV:1:tax").status, 204);
  EXPECT_NE(group().find(R"("member_count":1)"), std::string::npos);
  ASSERT_EQ(officer("DELETE", "/members/EX:GOV:2").status, 204);
  EXPECT_NE(group().find(R"("member_count":0)"), std::string::npos);
}

TEST_F(GlobalGroupsApi, OwnersComeAndGoWithTheirServers) {
  Registry registry = open();
  auto change = Change::begin(registry, "installer");
  ASSERT_TRUE(register_security_server(*change, *ServerId::make("EX", "GOV", "1", "ss1"), "ss1.example.org"));
  ASSERT_TRUE(change->commit());
  EXPECT_EQ(officer("DELETE", "/global-groups/security-server-owners/members/EX:GOV:1").body,
            error(400, "owners_global_group_member_cannot_be_deleted"));
}

TEST_F(GlobalGroupsApi, OnlyWhoMay) {
  for (const char* method : {"GET", "DELETE"})
    EXPECT_EQ(security(method, "/global-groups/auditors").status, 403) << method;
  EXPECT_EQ(security("DELETE", "/global-groups/auditors/members/EX:GOV:1").status, 403);
  EXPECT_EQ(security("POST", "/global-groups", R"({"code":"x","description":"x"})").status, 403);
}

TEST_F(GlobalGroupsApi, WhatIsWrongChangesNothing) {
  EXPECT_EQ(officer("POST", "/global-groups/auditors/members/add", R"({"items":["EX:GOV:1","EX:GOV:3"]})").body,
            error(404, "member_not_found"));
  EXPECT_EQ(officer("POST", "/global-groups/auditors/members/add", R"({"items":["EX:GOV:1","GOV:2"]})").body,
            error(400, "core.invalid_encoded_id"));
  EXPECT_EQ(officer("POST", "/global-groups/auditors/members/add", R"({"items":["EX:GOV:1:none"]})").body,
            error(404, "subsystem_not_found"));
  EXPECT_EQ(officer("DELETE", "/global-groups/none").body, error(404, "global_group_not_found"));
  EXPECT_EQ(officer("PATCH", "/global-groups/auditors", R"({"description":"<x>"})").body,
            wrong("globalGroupDescriptionDto.description", "Pattern"));
  EXPECT_EQ(officer("POST", "/global-groups/auditors/members/add", R"({"items":["EX:GOV:1",null]})").body,
            R"({"items":["EX:GOV:1"]})");
  EXPECT_EQ(officer("POST", "/global-groups/security-server-owners/members/add", R"({"items":["EX:GOV:1"]})").body,
            error(400, "cannot_add_member_to_owners_group"));
  EXPECT_EQ(officer("DELETE", "/global-groups/security-server-owners").body,
            error(400, "owners_global_group_cannot_be_deleted"));
  EXPECT_EQ(officer("POST", "/global-groups", R"({"code":"auditors","description":"x"})").body,
            error(409, "global_group_exists"));
  EXPECT_EQ(officer("POST", "/global-groups", R"({"code":"more","description":"<x>"})").body,
            wrong("globalGroupCodeAndDescriptionDto.description", "Pattern"));
  EXPECT_NE(group().find(R"("member_count":1)"), std::string::npos);
}

}  // namespace
}  // namespace causeway::centralserver
