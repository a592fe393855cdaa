// SPDX-License-Identifier: MIT
// What is asked for comes from strangers' requests: octets that a database does not take as
// text are a name of nothing, not a fault of the database.
#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "centralserver/registry/trusted_anchors.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class HostileNamesTest : public RegistryTest {};
CAUSEWAY_ON_BOTH_ENGINES(HostileNamesTest);

TEST_P(HostileNamesTest, AreNotFound) {
  fill();
  for (const std::string& name : {std::string("\xff\xfe"), std::string("GOV\0", 4), std::string("' OR 1=1 --"),
                                  std::string("\xed\xa0\x80"), std::string(100000, 'a')}) {
    const ClientId other_class = *ClientId::make("DEV", name, "100"), other_code = *ClientId::make("DEV", "GOV", name),
                   subsystem_of_it = *ClientId::make("DEV", "GOV", "100", name);
    const ServerId server = *ServerId::make("DEV", "GOV", "100", name);
    EXPECT_EQ(code_of(member_class(registry, name)), "member_class_not_found");
    EXPECT_EQ(code_of(member(registry, other_class)), "member_not_found");
    EXPECT_EQ(code_of(member(registry, other_code)), "member_not_found");
    EXPECT_EQ(code_of(subsystem(registry, subsystem_of_it)), "subsystem_not_found");
    EXPECT_EQ(code_of(security_server(registry, server)), "security_server_not_found");
    EXPECT_EQ(code_of(global_group(registry, name)), "global_group_not_found");
    EXPECT_EQ(code_of(trusted_anchor(registry, name)), "trusted_anchor_not_found");
    EXPECT_EQ(code_of(configuration_part(registry, name)), "configuration_part_file_not_found");
    EXPECT_EQ(in_change([&](Change& change) { return delete_member_class(change, name); }), "member_class_not_found");
    EXPECT_EQ(in_change([&](Change& change) { return add_member(change, other_class, "name"); }),
              "member_class_not_found");
    EXPECT_EQ(in_change([&](Change& change) { return delete_global_group(change, name); }), "global_group_not_found");
    EXPECT_EQ(in_change([&](Change& change) { return delete_security_server(change, server); }),
              "security_server_not_found");
    EXPECT_EQ(in_change([&](Change& change) { return store_configuration_part(change, name, name); }),
              "malformed_optional_parts_conf");
    EXPECT_EQ(in_change([&](Change& change) { return set_system_parameter(change, name, name); }),
              "validation_failure");
    EXPECT_EQ(
        in_change([&](Change& change) { return register_client(change, server_id("DEV/GOV/100/SS1"), other_code); }),
        "management_request_member_not_found");
  }
}

TEST_P(HostileNamesTest, AnAuthorIsWrittenDownWhateverItIsCalled) {
  initialise();
  auto change = Change::begin(registry, std::string("a\0b\xff", 4));
  ASSERT_TRUE(change);
  ASSERT_TRUE(add_member_class(*change, {"GOV", "Governmental"}));
  ASSERT_TRUE(change->commit());
  EXPECT_EQ(read_history(registry)->back().author,
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd");
}

}  // namespace
}  // namespace causeway::centralserver
