// SPDX-License-Identifier: MIT
// Against PAM itself, with a service whose passwords a script judges.
#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>

#include "admin/users.hpp"
#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::admin {
namespace {

class PamUsers : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string script = directory_ / "judge";
    ASSERT_TRUE(write_file_atomically(script, "#!/bin/sh\n[ \"$(tr -d '\\000')\" = 'right password' ]\n"));
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    ASSERT_TRUE(write_file_atomically(directory_ / "xroad", "auth required pam_exec.so expose_authtok quiet " + script +
                                                                "\naccount required pam_permit.so\n"));
    ASSERT_TRUE(
        write_file_atomically(directory_ / "closed", "auth required pam_permit.so\naccount required pam_deny.so\n"));
    const passwd* const me = ::getpwuid(::geteuid());
    ASSERT_NE(me, nullptr);
    user_ = me->pw_name;
    group_ = ::getgrgid(me->pw_gid)->gr_name;
  }
  std::unique_ptr<Users> users(const std::string& service = "xroad") const {
    return users_of_the_system({.service = service,
                                .configuration_directory = directory_ / "",
                                .groups_by_role = {{"XROAD_SECURITY_OFFICER", {"no-such-group", group_}},
                                                   {"XROAD_REGISTRATION_OFFICER", {"no-such-group"}}}});
  }

  testing::TemporaryDirectory directory_;
  std::string user_, group_;
};

TEST_F(PamUsers, HaveTheRolesOfTheirGroups) {
  const auto roles = users()->log_in(user_, "right password");
  ASSERT_TRUE(roles) << roles.error().text;
  EXPECT_EQ(*roles, Names{"XROAD_SECURITY_OFFICER"});
}

TEST_F(PamUsers, WithAnotherPasswordAreRefused) {
  for (const std::string& wrong : {std::string(), std::string("wrong"), std::string("right password "),
                                   std::string("right password\0x", 16), std::string(300, 'a')})
    EXPECT_EQ(users()->log_in(user_, wrong).error().code, "login_failed") << wrong;
}

TEST_F(PamUsers, WhoIsNoUserOrHasNoRoleIsRefused) {
  for (const std::string& name : {std::string(), std::string("no-such-user"), std::string(256, 'u')})
    EXPECT_EQ(users()->log_in(name, "right password").error().code, "login_failed") << name;
  const auto without_roles = users_of_the_system({.configuration_directory = directory_ / "", .groups_by_role = {}});
  EXPECT_EQ(without_roles->log_in(user_, "right password").error().code, "login_failed");
}

TEST_F(PamUsers, AnAccountThatIsClosedIsRefused) {
  EXPECT_EQ(users("closed")->log_in(user_, "right password").error().code, "login_failed");
}

TEST_F(PamUsers, WithoutTheServiceNobodyLogsIn) {
  EXPECT_EQ(users("not-configured")->log_in(user_, "right password").error().code, "login_failed");
}

}  // namespace
}  // namespace causeway::admin
