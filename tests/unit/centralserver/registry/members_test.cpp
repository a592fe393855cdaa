// SPDX-License-Identifier: MIT
// Member classes, members and subsystems.
#include "centralserver/registry/members.hpp"

#include "centralserver/registry/global_groups.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class MembersTest : public RegistryTest {
 protected:
  std::string add(const char* id, const std::string& name = "Some name") {
    return in_change([&](Change& change) { return add_member(change, client_id(id), name); });
  }
  std::string add_sub(const char* id, const std::string& name = "") {
    return in_change([&](Change& change) { return add_subsystem(change, client_id(id), name); });
  }
};
CAUSEWAY_ON_BOTH_ENGINES(MembersTest);

TEST_P(MembersTest, AClassIsAddedDescribedAndDeleted) {
  initialise();
  EXPECT_EQ(in_change([](Change& change) { return add_member_class(change, {"GOV", "Governmental"}); }), kDone);
  EXPECT_EQ(in_change([](Change& change) { return add_member_class(change, {"GOV", "Again"}); }),
            "member_class_exists");
  EXPECT_EQ(in_change([](Change& change) { return describe_member_class(change, "GOV", "Government"); }), kDone);
  EXPECT_EQ(latest_history(), std::vector<std::string>{"changed member class GOV description"});
  const auto classes = member_classes(registry);
  ASSERT_EQ(classes->size(), 1U);
  EXPECT_EQ(classes->front().description, "Government");
  EXPECT_EQ(in_change([](Change& change) { return delete_member_class(change, "GOV"); }), kDone);
  EXPECT_TRUE(member_classes(registry)->empty());
  EXPECT_EQ(in_change([](Change& change) { return delete_member_class(change, "GOV"); }), "member_class_not_found");
  EXPECT_EQ(in_change([](Change& change) { return describe_member_class(change, "GOV", "x"); }),
            "member_class_not_found");
}

TEST_P(MembersTest, AClassWithMembersStays) {
  fill();
  EXPECT_EQ(in_change([](Change& change) { return delete_member_class(change, "GOV"); }), "member_class_is_in_use");
}

TEST_P(MembersTest, RefusesClassesWithoutACodeOrADescription) {
  initialise();
  EXPECT_EQ(in_change([](Change& change) { return add_member_class(change, {"G/V", "x"}); }), "validation_failure");
  EXPECT_EQ(in_change([](Change& change) { return add_member_class(change, {"GOV", ""}); }), "validation_failure");
}

TEST_P(MembersTest, AMemberIsOfAClassAndOfThisInstance) {
  fill();
  EXPECT_EQ(add("DEV/GOV/100"), "member_exists");
  EXPECT_EQ(add("DEV/ORG/1"), "member_class_not_found");
  EXPECT_EQ(add("FI/GOV/1"), "invalid_member_id");
  EXPECT_EQ(add("DEV/GOV/1/sub"), "invalid_member_id");
  EXPECT_EQ(add("DEV/GOV/1:2"), "validation_failure");
  EXPECT_EQ(add("DEV/GOV/1", ""), "validation_failure");
  EXPECT_EQ(add("DEV/GOV/1", std::string("a\0b", 3)), "validation_failure");
  EXPECT_EQ(add("DEV/COM/100"), kDone) << "the same code in another class";
  EXPECT_EQ(add("DEV/gov/100"), "member_class_not_found") << "codes are compared exactly";
  EXPECT_EQ(members(registry)->size(), 3U);
}

TEST_P(MembersTest, AMemberIsRenamed) {
  fill();
  const auto rename = [&](const char* id, const std::string& name) {
    return in_change([&](Change& change) { return rename_member(change, client_id(id), name); });
  };
  EXPECT_EQ(rename("DEV/GOV/100", "Another"), kDone);
  EXPECT_EQ(member(registry, client_id("DEV/GOV/100"))->name, "Another");
  EXPECT_EQ(latest_history(), std::vector<std::string>{"changed member MEMBER:DEV/GOV/100 name"});
  EXPECT_EQ(rename("DEV/GOV/7", "Another"), "member_not_found");
  EXPECT_EQ(rename("FI/GOV/100", "Another"), "member_not_found");
  EXPECT_EQ(rename("DEV/GOV/100/MGMT", "Another"), "invalid_member_id");
  EXPECT_EQ(rename("DEV/GOV/100", std::string(256, 'a')), "validation_failure");
}

TEST_P(MembersTest, AMemberGoesWithAllItHas) {
  fill();
  const ClientId agency = client_id("DEV/GOV/100"), registry_of_it = client_id("DEV/GOV/100/registry");
  const ServerId other = server_id("DEV/COM/200/SS2");
  ASSERT_EQ(in_change([&](Change& change) { return register_client(change, other, registry_of_it); }), kDone);
  ASSERT_EQ(in_change([&](Change& change) { return register_client(change, other, agency); }), kDone);
  ASSERT_EQ(in_change([&](Change& change) {
              return register_client(change, server_id("DEV/GOV/100/SS1"), client_id("DEV/COM/200/client"));
            }),
            kDone);
  ASSERT_EQ(in_change([&](Change& change) { return add_global_group(change, {"readers", "Readers"}); }), kDone);
  ASSERT_EQ(in_change([&](Change& change) { return add_global_group_members(change, "readers", {registry_of_it}); }),
            kDone);

  EXPECT_EQ(in_change([&](Change& change) { return delete_member(change, agency); }), kDone);
  EXPECT_EQ(code_of(member(registry, agency)), "member_not_found");
  EXPECT_EQ(subsystems(registry)->size(), 1U);
  EXPECT_EQ(security_servers(registry)->size(), 1U);
  EXPECT_TRUE(server_clients(registry, other)->empty());
  EXPECT_TRUE(global_group_members(registry, "readers")->empty());
  ASSERT_EQ(global_group_members(registry, "security-server-owners")->size(), 1U);
  EXPECT_EQ(
      latest_history(),
      (std::vector<std::string>{
          "deleted client of security server SERVER:DEV/GOV/100/SS1", "deleted security server SERVER:DEV/GOV/100/SS1",
          "deleted global group member security-server-owners", "deleted subsystem SUBSYSTEM:DEV/GOV/100/MGMT",
          "deleted client of security server SERVER:DEV/COM/200/SS2", "deleted global group member readers",
          "deleted subsystem SUBSYSTEM:DEV/GOV/100/registry",
          "deleted client of security server SERVER:DEV/COM/200/SS2", "deleted member MEMBER:DEV/GOV/100"}));
  EXPECT_EQ(in_change([&](Change& change) { return delete_member(change, agency); }), "member_not_found");
}

TEST_P(MembersTest, ASubsystemBelongsToAMember) {
  fill();
  EXPECT_EQ(add_sub("DEV/GOV/100/MGMT"), "subsystem_exists");
  EXPECT_EQ(add_sub("DEV/GOV/7/MGMT"), "member_not_found");
  EXPECT_EQ(add_sub("DEV/GOV/100"), "invalid_subsystem_id");
  EXPECT_EQ(add_sub("FI/GOV/100/x"), "invalid_subsystem_id");
  EXPECT_EQ(add_sub("DEV/GOV/100/a%b"), "validation_failure");
  EXPECT_EQ(add_sub("DEV/COM/200/MGMT", "Named"), kDone);
  EXPECT_EQ(subsystem(registry, client_id("DEV/COM/200/MGMT"))->name, "Named");
  EXPECT_EQ(subsystems(registry, client_id("DEV/GOV/100"))->size(), 2U);
  EXPECT_EQ(code_of(subsystems(registry, client_id("DEV/GOV/7"))), "member_not_found");
  EXPECT_EQ(code_of(subsystem(registry, client_id("DEV/GOV/100"))), "invalid_subsystem_id");
}

TEST_P(MembersTest, ARegisteredSubsystemStays) {
  fill();
  const ClientId id = client_id("DEV/COM/200/client");
  const ServerId server = server_id("DEV/COM/200/SS2");
  const auto erase = [&] { return in_change([&](Change& change) { return delete_subsystem(change, id); }); };
  ASSERT_EQ(in_change([&](Change& change) { return register_client(change, server, id); }), kDone);
  EXPECT_EQ(erase(), "subsystem_registered_and_cannot_be_deleted");
  ASSERT_EQ(in_change([&](Change& change) { return enable_client(change, server, id, false); }), kDone);
  EXPECT_EQ(erase(), "subsystem_registered_and_cannot_be_deleted") << "also where it is disabled";
  ASSERT_EQ(in_change([&](Change& change) { return unregister_client(change, server, id); }), kDone);
  EXPECT_EQ(erase(), kDone);
  EXPECT_EQ(erase(), "subsystem_not_found");
  EXPECT_EQ(in_change([&](Change& change) { return rename_subsystem(change, id, "x"); }), "subsystem_not_found");
}

}  // namespace
}  // namespace causeway::centralserver
