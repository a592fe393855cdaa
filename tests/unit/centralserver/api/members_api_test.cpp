// SPDX-License-Identifier: MIT
#include "unit/centralserver/api/api_fixture.hpp"

namespace causeway::centralserver {
namespace {

constexpr const char* kMember =
    R"({"member_name":"Ministry","client_id":{"instance_id":"EX","type":"MEMBER","member_class":"GOV",)"
    R"("member_code":"12","encoded_id":"EX:GOV:12"}})";

class MembersApi : public CentralServerApi {
 protected:
  void SetUp() override {
    CentralServerApi::SetUp();
    ASSERT_EQ(security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})").status, 201);
    const Reply added = officer("POST", "/members",
                                R"({"member_name":"Ministry","member_id":{"member_class":"GOV","member_code":"12"}})");
    ASSERT_EQ(added.status, 201) << added.body;
    ASSERT_EQ(added.body, kMember);
  }
  Reply add_tax() const {
    return officer(
        "POST", "/subsystems",
        R"({"subsystem_name":"Taxes","subsystem_id":{"member_class":"GOV","member_code":"12","subsystem_code":"tax"}})");
  }
};

TEST_F(MembersApi, AreReadRenamedAndDeleted) {
  EXPECT_EQ(officer("GET", "/members/EX:GOV:12").body, kMember);
  EXPECT_EQ(officer("GET", "/members/EX%3AGOV%3A12").body, kMember);
  const Reply renamed = officer("PATCH", "/members/EX:GOV:12", R"({"member_name":"Minist\u00e8re"})");
  EXPECT_EQ(renamed.status, 200);
  EXPECT_NE(officer("GET", "/members/EX:GOV:12").body.find("Minist\xc3\xa8re"), std::string::npos);
  EXPECT_EQ(officer("DELETE", "/members/EX:GOV:12").status, 204);
  EXPECT_EQ(officer("GET", "/members/EX:GOV:12").body, error(404, "member_not_found"));
}

TEST_F(MembersApi, RefusesWithX_RoadsCodes) {
  const Reply twice =
      officer("POST", "/members", R"({"member_name":"x","member_id":{"member_class":"GOV","member_code":"12"}})");
  EXPECT_EQ(twice.body, error(409, "member_exists"));
  EXPECT_EQ(
      officer("POST", "/members", R"({"member_name":"x","member_id":{"member_class":"NO","member_code":"12"}})").body,
      error(404, "member_class_not_found"));
  EXPECT_EQ(
      officer("POST", "/members", R"({"member_name":"x","member_id":{"member_class":"GOV","member_code":"a/b"}})").body,
      wrong("memberAddDto.memberId.memberCode", "IdentifierChars"));
  EXPECT_EQ(officer("POST", "/members", R"({"member_name":"x"})").body, wrong("memberAddDto.memberId", "NotNull"));
  for (const char* id : {"EX:GOV", "EX:GOV:12:tax", "EX:GOV:12:", "x", "::", "EX:GOV:12:a:b"})
    EXPECT_EQ(officer("GET", "/members/" + std::string(id)).body, error(400, "invalid_member_id")) << id;
  EXPECT_EQ(officer("GET", "/members/OTHER:GOV:12").status, 404);
  EXPECT_EQ(officer("PATCH", "/members/EX:GOV:13", R"({"member_name":"x"})").body, error(404, "member_not_found"));
  EXPECT_EQ(officer("PATCH", "/members/x", R"({"member_name":"x"})").body, error(400, "invalid_member_id"));
  EXPECT_EQ(security("GET", "/members/EX:GOV:12").status, 403);
}

TEST_F(MembersApi, SubsystemsAreAddedRenamedAndDeleted) {
  const Reply added = add_tax();
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.body,
            R"({"member_name":"Ministry","client_id":{"instance_id":"EX","type":"SUBSYSTEM","member_class":"GOV",)"
            R"("member_code":"12","subsystem_code":"tax","encoded_id":"EX:GOV:12:tax"},"subsystem_name":"Taxes"})");
  EXPECT_EQ(add_tax().body, error(409, "subsystem_exists"));
  EXPECT_EQ(officer("POST", "/subsystems",
                    R"({"subsystem_id":{"member_class":"GOV","member_code":"13","subsystem_code":"tax"}})")
                .body,
            error(404, "member_not_found"));
  const Reply renamed = officer("PATCH", "/subsystems/EX:GOV:12:tax", R"({"subsystem_name":"Tax board"})");
  EXPECT_EQ(renamed.status, 200);
  EXPECT_NE(renamed.body.find(R"("subsystem_name":"Tax board")"), std::string::npos);
  EXPECT_EQ(officer("PATCH", "/subsystems/EX:GOV:12", R"({"subsystem_name":"x"})").body,
            error(400, "invalid_subsystem_id"));
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:12:tax").status, 204);
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:12:tax").body, error(404, "subsystem_not_found"));
}

}  // namespace
}  // namespace causeway::centralserver
