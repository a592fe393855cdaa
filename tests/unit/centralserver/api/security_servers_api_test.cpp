// SPDX-License-Identifier: MIT
#include <regex>

#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "unit/centralserver/api/api_fixture.hpp"

namespace causeway::centralserver {
namespace {

// A member with a subsystem that is a client of the other member's server.
class SecurityServersApi : public CentralServerApi {
 protected:
  void SetUp() override {
    CentralServerApi::SetUp();
    add_server();
  }
  static void expect_server(const std::string& body, const std::string& address) {
    EXPECT_TRUE(std::regex_match(
        body, std::regex(
                  R"re(\[?\{"server_id":\{"instance_id":"EX","type":"SERVER","member_class":"GOV","member_code":"1",)re"
                  R"re("server_code":"ss1","encoded_id":"EX:GOV:1:ss1"\},"owner_name":"Owner","server_address":")re" +
                  address + R"re(","in_maintenance_mode":false,"created_at":"[^"]+Z","updated_at":"[^"]+Z"\}\]?)re")))
        << body;
  }
};

TEST_F(SecurityServersApi, AreShownAndGetAnotherAddress) {
  expect_server(officer("GET", "/security-servers/EX:GOV:1:ss1").body, "ss1.example.org");
  const Reply changed = officer("PATCH", "/security-servers/EX:GOV:1:ss1", R"({"server_address":"10.0.0.7"})");
  EXPECT_EQ(changed.status, 200);
  expect_server(changed.body, "10.0.0.7");
  expect_server(officer("GET", "/security-servers/EX:GOV:1:ss1").body, "10.0.0.7");
  EXPECT_EQ(officer("GET", "/security-servers/EX:GOV:1:no").body, error(404, "security_server_not_found"));
  EXPECT_EQ(officer("PATCH", "/security-servers/EX:GOV:1:no", R"({"server_address":"a"})").body,
            error(404, "security_server_not_found"));
  for (const char* id : {"EX:GOV:1", "x", ":::", "EX:GOV:1:ss1:x"})
    EXPECT_EQ(officer("GET", "/security-servers/" + std::string(id)).body, error(400, "invalid_encoded_id")) << id;
  EXPECT_EQ(officer("PATCH", "/security-servers/EX:GOV:1:ss1", R"({"server_address":"a b"})").status, 400);
  EXPECT_EQ(security("GET", "/security-servers/EX:GOV:1:ss1").status, 403);
}

TEST_F(SecurityServersApi, ClientsAreListedOfTheServerAndOfTheMember) {
  EXPECT_EQ(officer("GET", "/security-servers/EX:GOV:1:ss1/clients").body,
            R"([{"member_name":"Client","client_id":{"instance_id":"EX","type":"SUBSYSTEM","member_class":"GOV",)"
            R"("member_code":"2","subsystem_code":"tax","encoded_id":"EX:GOV:2:tax"},"subsystem_name":"Taxes"}])");
  EXPECT_EQ(officer("GET", "/members/EX:GOV:2/subsystems").body,
            R"([{"subsystem_id":{"instance_id":"EX","type":"SUBSYSTEM","member_class":"GOV","member_code":"2",)"
            R"("subsystem_code":"tax","encoded_id":"EX:GOV:2:tax"},"used_security_servers":[{"server_code":"ss1",)"
            R"("server_owner":"Owner","status":"APPROVED","encoded_id":"EX:GOV:1:ss1"}],"subsystem_name":"Taxes"}])");
  EXPECT_EQ(officer("GET", "/members/EX:GOV:3/subsystems").body, error(404, "member_not_found"));
}

TEST_F(SecurityServersApi, AMemberOwnsOrNot) {
  expect_server(officer("GET", "/members/EX:GOV:1/owned-servers").body, "ss1.example.org");
  EXPECT_EQ(officer("GET", "/members/EX:GOV:2/owned-servers").body, "[]");
  EXPECT_EQ(officer("GET", "/members/EX:GOV:3/owned-servers").body, "[]") << "an unknown one owns nothing";
  EXPECT_EQ(officer("GET", "/members/EX:GOV:3/used-servers").body, "[]");
  EXPECT_EQ(officer("GET", "/members/nobody/owned-servers").body, error(400, "invalid_member_id"));
}

}  // namespace
}  // namespace causeway::centralserver
