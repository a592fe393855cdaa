// SPDX-License-Identifier: MIT
#include "centralserver/server/registry_access.hpp"

#include <gtest/gtest.h>

#include "centralserver/api/api_operations.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::centralserver {
namespace {

class RegistryAccess : public ::testing::Test {
 protected:
  const testing::TemporaryDirectory directory;
  const CentralServerSettings settings = *CentralServerSettings::load(directory.path());
};

TEST_F(RegistryAccess, AKeyMadeBesideTheServerIsKnownToIt) {
  const auto made = make_api_key(settings, {"XROAD_SECURITY_OFFICER", "XROAD_MANAGEMENT_SERVICE"});
  ASSERT_TRUE(made) << made.error().text;
  const auto registry = open_registry(settings);
  ASSERT_TRUE(registry);
  const admin::Roles roles = central_server_roles();
  admin::ApiKeys keys(roles);
  const auto found = keys.find((*registry)->database(), made->secret, admin::ApiKeys::Clock::now());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->roles, (admin::Names{"XROAD_SECURITY_OFFICER", "XROAD_MANAGEMENT_SERVICE"}));
}

TEST_F(RegistryAccess, OnlyForRolesThatThereAre) {
  EXPECT_EQ(make_api_key(settings, {"XROAD_NONE"}).error().code, "invalid_role");
  EXPECT_EQ(make_api_key(settings, {}).error().code, "invalid_role");
}

}  // namespace
}  // namespace causeway::centralserver
