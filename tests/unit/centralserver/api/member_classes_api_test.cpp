// SPDX-License-Identifier: MIT
#include "unit/centralserver/api/api_fixture.hpp"

namespace causeway::centralserver {
namespace {

class MemberClassesApi : public CentralServerApi {};

TEST_F(MemberClassesApi, AreAddedListedDescribedAnewAndDeleted) {
  EXPECT_EQ(security("GET", "/member-classes").body, "[]");
  const Reply added = security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})");
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.body, R"({"code":"GOV","description":"Government"})");
  EXPECT_EQ(security("POST", "/member-classes", R"({"code":"COM","description":"Companies"})").status, 201);
  const Reply changed = security("PATCH", "/member-classes/GOV", R"({"description":"Public sector"})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, R"({"code":"GOV","description":"Public sector"})");
  EXPECT_EQ(officer("GET", "/member-classes").body,
            R"([{"code":"GOV","description":"Public sector"},{"code":"COM","description":"Companies"}])");
  const Reply deleted = security("DELETE", "/member-classes/COM");
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.body, "");
  EXPECT_EQ(security("GET", "/member-classes").body, R"([{"code":"GOV","description":"Public sector"}])");
}

TEST_F(MemberClassesApi, RefusesWithX_RoadsCodes) {
  ASSERT_EQ(security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})").status, 201);
  ASSERT_EQ(
      officer("POST", "/members", R"({"member_name":"A","member_id":{"member_class":"GOV","member_code":"1"}})").status,
      201);
  const Reply twice = security("POST", "/member-classes", R"({"code":"GOV","description":"x"})");
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.body, error(409, "member_class_exists"));
  EXPECT_EQ(security("DELETE", "/member-classes/GOV").body, error(409, "member_class_is_in_use"));
  EXPECT_EQ(security("DELETE", "/member-classes/NONE").body, error(404, "member_class_not_found"));
  EXPECT_EQ(security("PATCH", "/member-classes/NONE", R"({"description":"x"})").body,
            error(404, "member_class_not_found"));
  EXPECT_EQ(security("POST", "/member-classes", R"({"code":"G:V","description":"x"})").body,
            wrong("memberClassDto.code", "IdentifierChars"));
  EXPECT_EQ(security("POST", "/member-classes", R"({"description":"x"})").body,
            wrong("memberClassDto.code", "NotNull"));
  EXPECT_EQ(security("POST", "/member-classes", "[]").status, 400);
  EXPECT_EQ(security("POST", "/member-classes", R"({"code":"NEW","description":"<odd>"})").body,
            wrong("memberClassDto.description", "Pattern"));
  EXPECT_EQ(security("PATCH", "/member-classes/GOV", R"({"description":"<odd>"})").body,
            wrong("memberClassDescriptionDto.description", "Pattern"));
}

TEST_F(MemberClassesApi, OnlyWhoMay) {
  EXPECT_EQ(officer("POST", "/member-classes", R"({"code":"GOV","description":"x"})").status, 403);
  EXPECT_EQ(ask("SYSTEM_ADMINISTRATOR", "GET", "/member-classes").status, 403);
  EXPECT_EQ(security("GET", "/member-classes").body, "[]");
}

TEST_F(MemberClassesApi, TheHistorySaysWhoDidIt) {
  ASSERT_EQ(security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})").status, 201);
  const auto entries = read_history(open());
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->back().author, "api-key-2");
  EXPECT_EQ(entries->back().subject, "GOV");
}

}  // namespace
}  // namespace causeway::centralserver
