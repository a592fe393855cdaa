// SPDX-License-Identifier: MIT
#include "centralserver/registry/global_groups.hpp"

#include "centralserver/registry/system_parameters.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class GlobalGroupsTest : public RegistryTest {
 protected:
  const ClientId agency = client_id("DEV/GOV/100"), client = client_id("DEV/COM/200/client");

  std::string add(const std::string& code, const std::string& description = "Some group") {
    return in_change([&](Change& change) { return add_global_group(change, {code, description}); });
  }
  std::string put(const std::string& code, const std::vector<ClientId>& ids) {
    return in_change([&](Change& change) { return add_global_group_members(change, code, ids); });
  }
  std::string take(const std::string& code, const ClientId& id) {
    return in_change([&](Change& change) { return remove_global_group_member(change, code, id); });
  }
  std::string erase(const std::string& code) {
    return in_change([&](Change& change) { return delete_global_group(change, code); });
  }
};
CAUSEWAY_ON_BOTH_ENGINES(GlobalGroupsTest);

TEST_P(GlobalGroupsTest, AGroupIsAddedDescribedAndDeletedWithItsMembers) {
  fill();
  EXPECT_EQ(add("readers"), kDone);
  EXPECT_EQ(add("readers"), "global_group_exists");
  EXPECT_EQ(add("a/b"), "validation_failure");
  EXPECT_EQ(add("other", ""), "validation_failure");
  EXPECT_EQ(in_change([](Change& change) { return describe_global_group(change, "readers", "Readers"); }), kDone);
  EXPECT_EQ(global_group(registry, "readers")->description, "Readers");
  EXPECT_EQ(in_change([](Change& change) { return describe_global_group(change, "none", "Readers"); }),
            "global_group_not_found");
  EXPECT_EQ(put("readers", {agency, client}), kDone);
  EXPECT_EQ(erase("readers"), kDone);
  EXPECT_EQ(erase("readers"), "global_group_not_found");
  EXPECT_EQ(global_groups(registry)->size(), 1U) << "the owners";
  EXPECT_EQ(add("readers"), kDone);
  EXPECT_TRUE(global_group_members(registry, "readers")->empty());
}

TEST_P(GlobalGroupsTest, MembersAreThoseThatAreRegistered) {
  fill();
  ASSERT_EQ(add("readers"), kDone);
  auto change = Change::begin(registry, "admin");
  const auto added = add_global_group_members(*change, "readers", {client, agency, client});
  ASSERT_TRUE(added) << added.error().text;
  EXPECT_EQ(*added, (std::vector<ClientId>{client, agency}));
  EXPECT_TRUE(add_global_group_members(*change, "readers", {agency})->empty()) << "it is in the group already";
  ASSERT_TRUE(change->commit());
  const auto members = global_group_members(registry, "readers");
  ASSERT_EQ(members->size(), 2U);
  EXPECT_EQ(members->front().id, client);
}

TEST_P(GlobalGroupsTest, NoneIsAddedWhenOneIsUnknown) {
  fill();
  ASSERT_EQ(add("readers"), kDone);
  EXPECT_EQ(put("readers", {agency, client_id("DEV/GOV/7")}), "member_not_found");
  EXPECT_EQ(put("readers", {agency, client_id("DEV/GOV/100/none")}), "subsystem_not_found");
  EXPECT_EQ(put("readers", {agency, client_id("FI/GOV/100")}), "member_not_found");
  EXPECT_EQ(put("none", {agency}), "global_group_not_found");
  EXPECT_TRUE(global_group_members(registry, "readers")->empty());
}

TEST_P(GlobalGroupsTest, MembersAreTakenOut) {
  fill();
  ASSERT_EQ(add("readers"), kDone);
  ASSERT_EQ(put("readers", {agency}), kDone);
  EXPECT_EQ(take("readers", client), "member_not_found");
  EXPECT_EQ(take("readers", client_id("DEV/GOV/7")), "member_not_found");
  EXPECT_EQ(take("none", agency), "global_group_not_found");
  EXPECT_EQ(take("readers", agency), kDone);
  EXPECT_TRUE(global_group_members(registry, "readers")->empty());
}

TEST_P(GlobalGroupsTest, TheGroupOfOwnersFollowsFromTheServers) {
  fill();
  const std::string owners = "security-server-owners";
  EXPECT_EQ(put(owners, {client}), "cannot_add_member_to_owners_group");
  EXPECT_EQ(take(owners, agency), "owners_global_group_member_cannot_be_deleted");
  EXPECT_EQ(take(owners, client), "member_not_found");
  EXPECT_EQ(erase(owners), "owners_global_group_cannot_be_deleted");
  EXPECT_EQ(in_change([&](Change& change) { return describe_global_group(change, owners, "Owners"); }), kDone);
  EXPECT_EQ(global_group_members(registry, owners)->size(), 2U);
  ASSERT_EQ(
      in_change([](Change& change) { return set_system_parameter(change, "securityServerOwnersGroup", "Readers"); }),
      kDone);
  ASSERT_EQ(add("readers"), kDone);
  EXPECT_EQ(erase("readers"), "owners_global_group_cannot_be_deleted") << "whatever the case of its letters";
}

}  // namespace
}  // namespace causeway::centralserver
