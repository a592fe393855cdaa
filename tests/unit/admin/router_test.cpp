// SPDX-License-Identifier: MIT
#include "admin/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace causeway::admin {
namespace {

Operation operation(std::string method, std::string path) { return {std::move(method), std::move(path), {}, {}}; }

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    for (const char* path : {"/api/v1/members", "/api/v1/members/{id}", "/api/v1/members/{id}/subsystems",
                             "/api/v1/members/{id}/servers/{server_id}", "/api/v1/members/filter-model"})
      router_.add(operation("GET", path));
    router_.add(operation("DELETE", "/api/v1/members/{id}"));
  }
  // The path of the operation and what its names stand for, or the status.
  std::string at(std::string_view method, std::string_view path) const {
    const auto found = router_.find(method, path);
    if (const auto* none = std::get_if<Router::NotFound>(&found)) return std::to_string(none->status);
    const auto& match = std::get<Router::Found>(found);
    std::string text = match.operation->path;
    for (const auto& [name, value] : match.path) text += " " + name + "=" + value;
    return text;
  }
  Router router_;
};

TEST_F(RouterTest, FindsByMethodAndPath) {
  EXPECT_EQ(at("GET", "/api/v1/members"), "/api/v1/members");
  EXPECT_EQ(at("DELETE", "/api/v1/members/DEV:GOV:1"), "/api/v1/members/{id} id=DEV:GOV:1");
  EXPECT_EQ(at("GET", "/api/v1/members/DEV%3AGOV%3A1/servers/DEV:GOV:1:s%C3%BC"),
            "/api/v1/members/{id}/servers/{server_id} id=DEV:GOV:1 server_id=DEV:GOV:1:s\xc3\xbc");
}

TEST_F(RouterTest, ALiteralGoesBeforeAName) {
  EXPECT_EQ(at("GET", "/api/v1/members/filter-model"), "/api/v1/members/filter-model");
  EXPECT_EQ(at("DELETE", "/api/v1/members/filter-model"), "/api/v1/members/{id} id=filter-model");
}

TEST_F(RouterTest, SaysWhatIsNotThere) {
  EXPECT_EQ(at("POST", "/api/v1/members"), "405");
  for (const char* path : {"", "/", "/api/v1/member", "/api/v1/members/", "/api/v1/members/1/2", "/api/v1//members",
                           "/api/v1/members/a%2Fb/none"})
    EXPECT_EQ(at("GET", path), "404") << path;
  EXPECT_EQ(at("GET", "/" + std::string(100000, '/')), "404");
  EXPECT_EQ(at("GET", "/api/v1/members/%zz"), "400");
  EXPECT_EQ(at("GET", "/api/v1/members/%ff"), "400");
}

TEST_F(RouterTest, AnEncodedSlashIsPartOfAName) {
  EXPECT_EQ(at("GET", "/api/v1/members/a%2Fb"), "/api/v1/members/{id} id=a/b");
}

TEST_F(RouterTest, ATwinIsAnError) {
  EXPECT_THROW(router_.add(operation("GET", "/api/v1/members/{code}")), std::logic_error);
}

}  // namespace
}  // namespace causeway::admin
