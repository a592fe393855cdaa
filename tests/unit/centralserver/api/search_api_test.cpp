// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/registry/members.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "unit/centralserver/api/api_fixture.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

// Members GOV/1 "Tax Board", GOV/2 "Östra 100% Kontor" and COM/3 "agency", the first two with
// subsystems, a server of the first and one of the third.
class SearchApi : public CentralServerApi {
 protected:
  void SetUp() override {
    CentralServerApi::SetUp();
    for (const char* code : {"GOV", "COM"})
      ASSERT_EQ(
          security("POST", "/member-classes", R"({"code":")" + std::string(code) + R"(","description":"x"})").status,
          201);
    Registry registry = open();
    auto change = Change::begin(registry, "installer");
    ASSERT_TRUE(add_member(*change, *ClientId::make("EX", "GOV", "1"), "Tax Board"));
    ASSERT_TRUE(add_member(*change, *ClientId::make("EX", "GOV", "2"), "Östra 100% Kontor"));
    ASSERT_TRUE(add_member(*change, *ClientId::make("EX", "COM", "3"), "agency"));
    for (const char* code : {"Registry", "web_site"})
      ASSERT_TRUE(add_subsystem(*change, *ClientId::make("EX", "GOV", "1", code), "Name of it"));
    ASSERT_TRUE(add_subsystem(*change, *ClientId::make("EX", "GOV", "2", "registry"), ""));
    ASSERT_TRUE(register_security_server(*change, *ServerId::make("EX", "GOV", "1", "SS1"), "ss1.example.org"));
    ASSERT_TRUE(register_security_server(*change, *ServerId::make("EX", "COM", "3", "alpha"), "alpha.example.org"));
    ASSERT_TRUE(register_client(*change, *ServerId::make("EX", "GOV", "1", "SS1"),
                                *ClientId::make("EX", "GOV", "2", "registry"), ""));
    ASSERT_TRUE(change->commit());
    ASSERT_EQ(officer("POST", "/global-groups", R"({"code":"g","description":"x"})").status, 201);
    ASSERT_EQ(officer("POST", "/global-groups/g/members/add",
                      R"({"items":["EX:GOV:1","EX:GOV:1:Registry","EX:GOV:2:registry"]})")
                  .status,
              201);
  }

  // "total: id id" of a page.
  static std::string shown(const Reply& reply, const char* rows, const char* id) {
    if (reply.status != 200) return reply.body;
    const json::value answer = json::parse(reply.body);
    const json::object& metadata = answer.at("paging_metadata").as_object();
    EXPECT_EQ(metadata.at("items").as_int64(), static_cast<std::int64_t>(answer.at(rows).as_array().size()));
    std::string text = std::to_string(metadata.at("total_items").as_int64()) + ":";
    for (const json::value& row : answer.at(rows).as_array())
      text += " " + std::string(row.at(id).at("encoded_id").as_string()).substr(3);
    return text;
  }
  std::string clients(const std::string& query) const {
    return shown(officer("GET", "/clients?" + query), "clients", "client_id");
  }
  std::string servers(const std::string& query) const {
    return shown(officer("GET", "/security-servers?" + query), "items", "server_id");
  }
  std::string members(const std::string& filter, const std::string& paging = R"({"sort":"code"})") const {
    return shown(officer("POST", "/global-groups/g/members", "{" + filter + R"("paging_sorting":)" + paging + "}"),
                 "items", "client_id");
  }
};

TEST_F(SearchApi, ClientsAreFoundByWhatIsInThem) {
  EXPECT_EQ(clients(""), "6: GOV:1 GOV:2 COM:3 GOV:1:Registry GOV:1:web_site GOV:2:registry");
  EXPECT_EQ(clients("q=TAX"), "3: GOV:1 GOV:1:Registry GOV:1:web_site");
  EXPECT_EQ(clients("q=REG"), "2: GOV:1:Registry GOV:2:registry");
  EXPECT_EQ(clients("q=%C3%B6STRA"), "2: GOV:2 GOV:2:registry") << "in any case, also of other letters";
  EXPECT_EQ(clients("q=0%25"), "2: GOV:2 GOV:2:registry") << "a percent sign is one";
  EXPECT_EQ(clients("q=b_s"), "1: GOV:1:web_site") << "and an underscore";
  EXPECT_EQ(clients("q=com"), "1: COM:3");
  EXPECT_EQ(clients("q=board%0Agov"), "0:") << "in one field";
  EXPECT_EQ(clients("q=%20%20"), "6: GOV:1 GOV:2 COM:3 GOV:1:Registry GOV:1:web_site GOV:2:registry");
  EXPECT_EQ(clients("q=nowhere"), "0:");
  EXPECT_EQ(clients("q=ex"), "0:") << "not in the instance";
  EXPECT_EQ(clients("name=board&subsystem_code=site"), "1: GOV:1:web_site");
  EXPECT_EQ(clients("member_class=go&member_code=2"), "2: GOV:2 GOV:2:registry");
  EXPECT_EQ(clients("instance=e&client_type=SUBSYSTEM"), "3: GOV:1:Registry GOV:1:web_site GOV:2:registry");
  EXPECT_EQ(clients("instance=other"), "0:");
  EXPECT_EQ(clients("client_type=MEMBER"), "3: GOV:1 GOV:2 COM:3");
  EXPECT_EQ(clients("security_server=EX:GOV:1:SS1"), "1: GOV:2:registry");
  EXPECT_EQ(clients("excluding_group=g"), "3: GOV:2 COM:3 GOV:1:web_site");
  EXPECT_EQ(clients("excluding_group=g&q=gov&client_type=MEMBER"), "1: GOV:2");
  EXPECT_EQ(clients("excluding_group=none&client_type=MEMBER"), "3: GOV:1 GOV:2 COM:3");
  EXPECT_EQ(officer("GET", "/clients?q=web").body,
            R"({"clients":[{"member_name":"Tax Board","client_id":{"instance_id":"EX","type":"SUBSYSTEM",)"
            R"("member_class":"GOV","member_code":"1","subsystem_code":"web_site","encoded_id":"EX:GOV:1:web_site"},)"
            R"("subsystem_name":"Name of it"}],"paging_metadata":{"total_items":1,"items":1,"limit":25,"offset":0}})");
  EXPECT_EQ(security("GET", "/clients").status, 200) << "SEARCH_MEMBERS";
  EXPECT_EQ(ask("SYSTEM_ADMINISTRATOR", "GET", "/clients").status, 403);
}

TEST_F(SearchApi, ClientsComeInPagesAndOrders) {
  EXPECT_EQ(clients("sort=member_name&client_type=MEMBER"), "3: COM:3 GOV:1 GOV:2");
  EXPECT_EQ(clients("sort=member_name&desc=true&limit=2"), "6: GOV:2:registry GOV:2");
  EXPECT_EQ(clients("sort=client_id.member_class&limit=2"), "6: COM:3 GOV:1");
  EXPECT_EQ(clients("sort=client_id.member_code&limit=2&offset=1"), "6: GOV:1:web_site GOV:2");
  EXPECT_EQ(clients("sort=client_id.instance_id&limit=1"), "6: GOV:1");
  EXPECT_EQ(clients("sort=client_type&limit=1"), "6: GOV:1:Registry") << "subsystems first";
  EXPECT_EQ(clients("sort=id&desc=true&limit=1"), "6: GOV:2:registry");
  EXPECT_EQ(clients("desc=true&limit=1"), "6: GOV:1") << "without an order there is no direction";
  EXPECT_EQ(clients("limit=5&offset=1"), "6: GOV:2:registry");
  EXPECT_EQ(clients("limit=5&offset=2"), "6:");
  EXPECT_EQ(clients("limit=2147483647&offset=2147483647"), "6:");
  EXPECT_EQ(officer("GET", "/clients?limit=5&offset=2").body,
            R"({"clients":[],"paging_metadata":{"total_items":6,"items":0,"limit":5,"offset":2}})");
}

TEST_F(SearchApi, WhatIsChangedIsFoundAsItIs) {
  ASSERT_EQ(officer("PATCH", "/members/EX:GOV:1", R"({"member_name":"Revenue"})").status, 200);
  ASSERT_EQ(officer("DELETE", "/subsystems/EX:GOV:1:web_site").status, 204);
  EXPECT_EQ(clients("q=tax"), "0:");
  EXPECT_EQ(clients("q=revenue"), "2: GOV:1 GOV:1:Registry");
  ASSERT_EQ(officer("DELETE", "/members/EX:GOV:1").status, 204);
  EXPECT_EQ(clients("q=revenue"), "0:");
}

TEST_F(SearchApi, RefusesWithX_RoadsCodes) {
  for (const char* path : {"/clients", "/security-servers"}) {
    const auto refusal = [&](const std::string& query) { return officer("GET", path + query).body; };
    EXPECT_EQ(refusal("?sort=server_address"), error(400, "invalid_sort_properties"));
    EXPECT_EQ(refusal("?limit=0"), error(400, "invalid_pagination_properties"));
    EXPECT_EQ(refusal("?limit=-1"), error(400, "invalid_pagination_properties"));
    EXPECT_EQ(refusal("?offset=-1"), error(400, "invalid_pagination_properties"));
    EXPECT_EQ(refusal("?limit=many"), wrong("pagingSortingParametersDto.limit", "typeMismatch"));
    EXPECT_EQ(refusal("?limit=2147483648"), wrong("pagingSortingParametersDto.limit", "typeMismatch"));
    EXPECT_EQ(refusal("?sort=a%20b"), wrong("pagingSortingParametersDto.sort", "Pattern"));
    EXPECT_EQ(officer("GET", path + std::string("?q=") + std::string(256, 'q')).status, 400);
  }
  EXPECT_EQ(officer("GET", "/clients?security_server=EX:GOV").body, error(400, "invalid_encoded_id"));
  EXPECT_EQ(officer("GET", "/clients?security_server=EX:GOV:1:NO").body, error(404, "security_server_not_found"));
  EXPECT_EQ(officer("GET", "/clients?client_type=KING").body, wrong("client_type", "typeMismatch"));
}

TEST_F(SearchApi, SecurityServersAreFoundByOwnerAndCode) {
  EXPECT_EQ(servers(""), "2: GOV:1:SS1 COM:3:alpha");
  EXPECT_EQ(servers("q=board"), "1: GOV:1:SS1");
  EXPECT_EQ(servers("q=ss"), "1: GOV:1:SS1");
  EXPECT_EQ(servers("q=com"), "1: COM:3:alpha");
  EXPECT_EQ(servers("q=example"), "0:") << "not by address";
  EXPECT_EQ(servers("sort=owner_name"), "2: COM:3:alpha GOV:1:SS1");
  EXPECT_EQ(servers("sort=server_id.server_code&desc=true"), "2: GOV:1:SS1 COM:3:alpha");
  EXPECT_EQ(servers("sort=server_id.member_class&limit=1&offset=1"), "2: GOV:1:SS1");
  EXPECT_EQ(servers("sort=server_id.member_code&desc=true&limit=1"), "2: COM:3:alpha");
  EXPECT_EQ(security("GET", "/security-servers").status, 403);
}

TEST_F(SearchApi, MembersOfAGroupAreFound) {
  EXPECT_EQ(members(""), "3: GOV:1 GOV:1:Registry GOV:2:registry");
  EXPECT_EQ(members(R"("query":"tax",)"), "2: GOV:1 GOV:1:Registry");
  EXPECT_EQ(members(R"("query":"MEMBER",)"), "1: GOV:1");
  EXPECT_EQ(members(R"("query":"subsys",)"), "2: GOV:1:Registry GOV:2:registry");
  EXPECT_EQ(members(R"("query":"e",)"), "3: GOV:1 GOV:1:Registry GOV:2:registry");
  EXPECT_EQ(members(R"("member_class":"COM",)"), "0:");
  EXPECT_EQ(members(R"("member_class":"gov",)"), "0:") << "exactly";
  EXPECT_EQ(members(R"("instance":"OTHER",)"), "0:");
  EXPECT_EQ(members(R"("codes":["2","7","8"],)"), "1: GOV:2:registry");
  EXPECT_EQ(members(R"("subsystems":["Registry"],"types":["SUBSYSTEM"],)"), "1: GOV:1:Registry");
  EXPECT_EQ(members(R"("types":["MEMBER"],"query":null,)"), "1: GOV:1");
  EXPECT_EQ(members("", R"({"sort":"subsystem","limit":2})"), "3: GOV:1:Registry GOV:2:registry")
      << "members come last";
  EXPECT_EQ(members("", R"({"sort":"type","limit":1})"), "3: GOV:1");
  EXPECT_EQ(members("", R"({"sort":"name","desc":true,"limit":1})"), "3: GOV:2:registry");
  EXPECT_EQ(members("", R"({"sort":"created_at","limit":2,"offset":1})"), "3: GOV:2:registry");
  EXPECT_EQ(shown(officer("POST", "/global-groups/none/members", R"({"paging_sorting":{}})"), "items", "client_id"),
            "0:");
  const std::string one = officer("POST", "/global-groups/g/members", R"({"query":"member","paging_sorting":{}})").body;
  EXPECT_EQ(one.find(R"({"items":[{"id":)"), 0U) << one;
  EXPECT_NE(one.find(R"("name":"Tax Board"}])"), std::string::npos) << one;
}

TEST_F(SearchApi, MembersOfAGroupAreLookedForProperly) {
  const auto refusal = [&](const std::string& body) { return officer("POST", "/global-groups/g/members", body).body; };
  for (const char* body : {"{}", R"({"paging_sorting":null})", R"({"paging_sorting":{"limit":null}})",
                           R"({"paging_sorting":{"limit":0}})", R"({"paging_sorting":{"offset":-1}})"})
    EXPECT_EQ(refusal(body), error(400, "invalid_pagination_properties")) << body;
  EXPECT_EQ(refusal(R"({"paging_sorting":{"sort":"id"}})"), error(400, "invalid_sort_properties"));
  EXPECT_EQ(refusal(R"({"types":["KING"],"paging_sorting":{}})"), R"({"status":400})");
  EXPECT_EQ(security("POST", "/global-groups/g/members", R"({"paging_sorting":{}})").status, 403);
  EXPECT_EQ(officer("GET", "/global-groups/g/members/filter-model").body,
            R"({"instances":["EX"],"member_classes":["GOV"],"codes":["1","2"],"subsystems":["Registry","registry"]})");
  ASSERT_EQ(officer("POST", "/global-groups", R"({"code":"empty","description":"x"})").status, 201);
  for (const char* group : {"empty", "none"})
    EXPECT_EQ(officer("GET", "/global-groups/" + std::string(group) + "/members/filter-model").body,
              R"({"instances":[],"member_classes":[],"codes":[],"subsystems":[]})");
  EXPECT_EQ(security("GET", "/global-groups/g/members/filter-model").status, 403);
}

}  // namespace
}  // namespace causeway::centralserver
