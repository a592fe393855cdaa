// SPDX-License-Identifier: MIT
// What the centre takes away, and the requests that tell of it.
#include <boost/json.hpp>

#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/requests/management_requests.hpp"
#include "unit/centralserver/api/api_fixture.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

const std::string kServer = "/security-servers/EX:GOV:1:ss1";

// A server of member 1, with a certificate and the clients GOV/2 and GOV/2/tax.
class UnregisteringApi : public CentralServerApi {
 protected:
  void SetUp() override {
    CentralServerApi::SetUp();
    add_server();
    in_registry([](Change& change) -> Result<void> {
      const ServerId server = *ServerId::make("EX", "GOV", "1", "ss1");
      if (auto done = register_client(change, server, *ClientId::make("EX", "GOV", "2")); !done) return done;
      const auto added = add_authentication_certificate(change, server, globalconf::sample_pki().first_auth.der());
      return added ? Result<void>() : added.error();
    });
  }
  // "CLIENT_DELETION_REQUEST CENTER comment" of each.
  std::vector<std::string> requests() {
    Registry registry = open();
    std::vector<std::string> out;
    for (std::int64_t number = 1;; ++number) {
      const auto request = management_request(registry, number);
      if (!request) return out;
      out.push_back(std::string(to_string(request->type)) + " " + std::string(to_string(request->origin)) + " " +
                    request->comments.value_or(""));
    }
  }
  std::size_t clients() const { return json::parse(officer("GET", kServer + "/clients").body).as_array().size(); }
};

TEST_F(UnregisteringApi, AMemberIsAClientNoMore) {
  EXPECT_EQ(officer("DELETE", "/members/EX:GOV:2/servers/EX:GOV:1:ss1").status, 204);
  EXPECT_EQ(clients(), 1U);
  EXPECT_EQ(requests(), std::vector<std::string>{"CLIENT_DELETION_REQUEST CENTER "});
  EXPECT_EQ(officer("DELETE", "/members/EX:GOV:2/servers/EX:GOV:1:ss1").body,
            error(404, "member_not_registered_to_security_server"));
  EXPECT_EQ(officer("DELETE", "/members/EX:GOV:9/servers/EX:GOV:1:ss1").body,
            error(404, "member_not_registered_to_security_server"));
  EXPECT_EQ(officer("DELETE", "/members/EX:GOV:2/servers/EX:GOV:1:no").body, error(404, "security_server_not_found"));
  EXPECT_EQ(officer("DELETE", "/members/EX:GOV:2/servers/x").body, error(400, "invalid_encoded_id"));
  EXPECT_EQ(officer("DELETE", "/members/EX:GOV:2:tax/servers/EX:GOV:1:ss1").body, error(400, "invalid_member_id"));
  EXPECT_EQ(security("DELETE", "/members/EX:GOV:2/servers/EX:GOV:1:ss1").status, 403);
  EXPECT_EQ(requests().size(), 1U);
}

TEST_F(UnregisteringApi, ASubsystemIsAClientNoMore) {
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:2:tax").body,
            error(400, "subsystem_registered_and_cannot_be_deleted"));
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:2:tax/servers/EX:GOV:1:ss1").status, 204);
  EXPECT_EQ(clients(), 1U);
  EXPECT_EQ(requests(), std::vector<std::string>{"CLIENT_DELETION_REQUEST CENTER "});
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:2:tax/servers/EX:GOV:1:ss1").body,
            error(404, "subsystem_not_registered_to_security_server"));
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:2/servers/EX:GOV:1:ss1").body, error(400, "invalid_subsystem_id"));
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:2:tax/servers/EX:GOV").body, error(400, "invalid_encoded_id"));
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:2:tax/servers/EX:GOV:1:no").body,
            error(404, "security_server_not_found"));
  EXPECT_EQ(security("DELETE", "/subsystems/EX:GOV:2:tax/servers/EX:GOV:1:ss1").status, 403);
  EXPECT_EQ(officer("DELETE", "/subsystems/EX:GOV:2:tax").status, 204) << "it still existed";
}

TEST_F(UnregisteringApi, CertificatesAreListedAndTakenAway) {
  const std::string path = kServer + "/authentication-certificates";
  const json::value list = json::parse(officer("GET", path).body);
  ASSERT_EQ(list.as_array().size(), 1U);
  EXPECT_EQ(list.at(0).at("subject_common_name").as_string(), "ss1");
  const std::string one = path + "/" + std::to_string(list.at(0).at("id").as_int64());
  EXPECT_EQ(officer("DELETE", path + "/4711").body, error(404, "ss_auth_certificate_not_found"));
  EXPECT_EQ(officer("DELETE", path + "/x").status, 400);
  EXPECT_EQ(security("DELETE", one).status, 403);
  EXPECT_EQ(officer("DELETE", one).status, 204);
  EXPECT_EQ(officer("GET", path).body, "[]");
  EXPECT_EQ(requests(), std::vector<std::string>{"AUTH_CERT_DELETION_REQUEST CENTER "});
  EXPECT_EQ(officer("DELETE", one).body, error(404, "ss_auth_certificate_not_found"));
  for (const char* method : {"GET", "DELETE"}) {
    const std::string of = method == std::string("GET") ? "" : "/1";
    EXPECT_EQ(officer(method, "/security-servers/EX:GOV:1:no/authentication-certificates" + of).body,
              error(404, "security_server_not_found"));
    EXPECT_EQ(officer(method, "/security-servers/x/authentication-certificates" + of).body,
              error(400, "invalid_encoded_id"));
  }
}

TEST_F(UnregisteringApi, AServerGoesWithAllItHas) {
  EXPECT_EQ(security("DELETE", kServer).status, 403);
  EXPECT_EQ(officer("DELETE", kServer).status, 204);
  EXPECT_EQ(officer("DELETE", kServer).body, error(404, "security_server_not_found"));
  EXPECT_EQ(officer("DELETE", "/security-servers/x").body, error(400, "invalid_encoded_id"));
  const auto left = requests();
  ASSERT_EQ(left.size(), 3U);
  for (const std::string& each : left) EXPECT_NE(each.find("ss1 deletion"), std::string::npos) << each;
  EXPECT_EQ(left.back().find("AUTH_CERT_DELETION_REQUEST CENTER"), 0U) << left.back();
  EXPECT_EQ(officer("GET", "/members/EX:GOV:1/owned-servers").body, "[]");
}

TEST_F(UnregisteringApi, GroupsOfAMemberAndItsSubsystems) {
  ASSERT_EQ(officer("POST", "/global-groups", R"({"code":"g","description":"x"})").status, 201);
  ASSERT_EQ(officer("POST", "/global-groups/g/members/add", R"({"items":["EX:GOV:2","EX:GOV:2:tax"]})").status, 201);
  const json::value groups = json::parse(officer("GET", "/members/EX:GOV:2/global-groups").body);
  ASSERT_EQ(groups.as_array().size(), 2U);
  EXPECT_EQ(groups.at(0).at("group_code").as_string(), "g");
  EXPECT_FALSE(groups.at(0).as_object().contains("subsystem"));
  EXPECT_EQ(groups.at(1).at("subsystem").as_string(), "tax");
  EXPECT_TRUE(groups.at(1).as_object().contains("added_to_group"));
  EXPECT_NE(officer("GET", "/members/EX:GOV:1/global-groups").body.find("security-server-owners"), std::string::npos);
  EXPECT_EQ(officer("GET", "/members/EX:GOV:9/global-groups").body, "[]") << "an unknown one is in none";
  EXPECT_EQ(officer("GET", "/members/x/global-groups").body, error(400, "invalid_member_id"));
  EXPECT_EQ(security("GET", "/members/EX:GOV:2/global-groups").status, 403);
}

}  // namespace
}  // namespace causeway::centralserver
