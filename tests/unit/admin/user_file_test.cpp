// SPDX-License-Identifier: MIT
#include "admin/user_file.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::admin {
namespace {

namespace fs = std::filesystem;

class UserFile : public ::testing::Test {
 protected:
  Names roles_of(const std::string& name, const std::string& password) const {
    auto roles = users_of_file(file)->log_in(name, password);
    if (!roles) EXPECT_EQ(roles.error().code, "login_failed");
    return roles ? *roles : Names();
  }
  const testing::TemporaryDirectory folder;
  const fs::path file = folder.path() / "users";
};

TEST_F(UserFile, LetsInWhoKnowsThePassword) {
  ASSERT_TRUE(put_user(file, "anna", "geheim & süß", {"A", "B"}));
  ASSERT_TRUE(put_user(file, "bob", "other", {"A"}));
  EXPECT_EQ(roles_of("anna", "geheim & süß"), (Names{"A", "B"}));
  EXPECT_EQ(roles_of("bob", "other"), (Names{"A"}));
  for (const char* wrong : {"", "geheim", "other", "geheim & süß "})
    EXPECT_EQ(roles_of("anna", wrong), Names()) << wrong;
  EXPECT_EQ(roles_of("nobody", "other"), Names());
  EXPECT_EQ(roles_of("anna", std::string("geheim & süß\0", 15)), Names());
}

TEST_F(UserFile, KeepsNoPassword) {
  ASSERT_TRUE(put_user(file, "anna", "geheim", {"A"}));
  EXPECT_EQ(read_file(file)->find("geheim"), std::string::npos);
  EXPECT_TRUE(read_file(file)->starts_with("anna:$y$"));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(UserFile, AUserIsChangedInPlace) {
  ASSERT_TRUE(put_user(file, "anna", "first", {"A"}));
  ASSERT_TRUE(put_user(file, "bob", "other", {"A"}));
  ASSERT_TRUE(put_user(file, "anna", "second", {"B"}));
  EXPECT_EQ(roles_of("anna", "first"), Names());
  EXPECT_EQ(roles_of("anna", "second"), (Names{"B"}));
  EXPECT_EQ(roles_of("bob", "other"), (Names{"A"}));
}

TEST_F(UserFile, WhatIsNoUserIsNobody) {
  EXPECT_EQ(roles_of("anna", "x"), Names()) << "there is no file";
  ASSERT_TRUE(write_file_atomically(file, "anna\nanna:x\n:x:A\nanna::A\nanna:x:A\nanna:*:A\nanna:x:A:B\n"));
  for (const char* password : {"", "x", "*"}) EXPECT_EQ(roles_of("anna", password), Names()) << password;
  ASSERT_TRUE(put_user(file, "bob", "other", {}));
  EXPECT_EQ(roles_of("bob", "other"), Names()) << "without a role";
}

TEST_F(UserFile, NamesThatAreNoneAreRefused) {
  for (const char* name : {"", "a:b", "a\nb"}) EXPECT_EQ(put_user(file, name, "x", {"A"}).error().code, "bad_request");
  EXPECT_EQ(put_user(file, "anna", "", {"A"}).error().code, "bad_request");
  EXPECT_EQ(put_user(file, "anna", std::string(256, 'x'), {"A"}).error().code, "bad_request");
}

}  // namespace
}  // namespace causeway::admin
