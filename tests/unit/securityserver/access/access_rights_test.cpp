// SPDX-License-Identifier: MIT
#include "securityserver/access/access_rights.hpp"

#include <gtest/gtest.h>

#include <set>

#include "securityserver/access/service_path.hpp"

namespace causeway::securityserver {
namespace {

ClientId id(std::string_view text) { return *ClientId::parse_rest(text); }

const ClientId kProvider = id("DEV/COM/1/registry");
const ClientId kCaller = id("DEV/COM/2/app");
const ClientId kStranger = id("DEV/COM/3/app");

// Knows global groups and nothing else.
class Groups : public globalconf::View {
 public:
  std::set<std::pair<std::string, ClientId>> in_groups;

  bool in_global_group(const GlobalGroupId& group, const ClientId& client) const override {
    return in_groups.contains({group.to_string(), client});
  }
  const std::string& own_instance() const override { return instance_; }
  Result<void> check_valid(TimePoint) const override { return {}; }
  std::vector<std::string> instances() const override { return {instance_}; }
  bool has_instance(std::string_view) const override { return true; }
  std::vector<const globalconf::ServerEntry*> servers_of(const ClientId&) const override { return {}; }
  const globalconf::ServerEntry* server(const ServerId&) const override { return nullptr; }
  const globalconf::ServerEntry* server_by_auth_certificate(const pki::Certificate&) const override { return nullptr; }
  bool serves(const globalconf::ServerEntry&, const ClientId&) const override { return false; }
  std::vector<globalconf::MemberEntry> members(std::string_view) const override { return {}; }
  std::vector<pki::Certificate> chain_of(const pki::Certificate&, std::string_view) const override { return {}; }
  std::vector<pki::Certificate> all_cas() const override { return {}; }
  const pki::ApprovedCa* issuer_of(std::string_view, const pki::Certificate&) const override { return nullptr; }
  const pki::ApprovedCa* issuer_of(const pki::Certificate&) const override { return nullptr; }
  std::vector<pki::Certificate> ocsp_signer_candidates() const override { return {}; }
  pki::OcspPolicy ocsp_policy() const override { return {}; }

 private:
  std::string instance_ = "DEV";
};

class AccessRights : public ::testing::Test {
 protected:
  AccessRights()
      : provider_{
            .id = kProvider, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}} {
    add("pets", "", ServiceType::rest);
    add("store", "", ServiceType::openapi);
    add("getRandom", "v1", ServiceType::wsdl);
    add("getRandom", "v2", ServiceType::wsdl);
  }

  Service& add(const std::string& code, const std::string& version, ServiceType type) {
    Service service;
    service.code = code;
    service.version = version;
    service.type = type;
    return provider_.services[code].emplace_back(service);
  }
  void grant(const std::string& code, const Subject& subject, Endpoint endpoint = Endpoint::base()) {
    EXPECT_TRUE(provider_.rights.grant({code, std::move(endpoint), subject}));
  }
  // "ok" or the fault's code.
  std::string rest(const std::string& code, const std::string& method, const std::string& path,
                   const ClientId& caller = kCaller) {
    auto allowed =
        check_access(provider_, *ServiceId::make(kProvider, code), caller, RequestedEndpoint{method, path}, view_);
    return allowed ? "ok" : allowed.error().code;
  }
  std::string soap(const std::string& code, const std::string& version, const ClientId& caller = kCaller) {
    auto allowed = check_access(provider_, *ServiceId::make(kProvider, code, version), caller, {}, view_);
    return allowed ? "ok" : allowed.error().code;
  }

  Client provider_;
  Groups view_;
};

TEST_F(AccessRights, RefusesAClientWithoutAGrant) {
  EXPECT_EQ(rest("pets", "GET", "/"), "access_denied");
  EXPECT_EQ(soap("getRandom", "v1"), "access_denied");
}

TEST_F(AccessRights, TellsAnUnknownServiceFromAMissingGrant) {
  EXPECT_EQ(rest("absent", "GET", "/"), "unknown_service");
  EXPECT_EQ(soap("getRandom", ""), "unknown_service");
  EXPECT_EQ(soap("getRandom", "v3"), "unknown_service");
  EXPECT_EQ(soap("pets", "v1"), "unknown_service");
}

TEST_F(AccessRights, RefusesTheWrongProtocolBeforeItLooksAtRights) {
  add("plain", "", ServiceType::wsdl);
  EXPECT_EQ(rest("plain", "GET", "/"), "service_type");
  EXPECT_EQ(soap("pets", ""), "service_type");
  EXPECT_EQ(soap("store", ""), "service_type");
}

TEST_F(AccessRights, ARightOnTheServiceCoversAllVersionsMethodsAndPaths) {
  grant("getRandom", kCaller);
  grant("pets", kCaller);
  EXPECT_EQ(soap("getRandom", "v1"), "ok");
  EXPECT_EQ(soap("getRandom", "v2"), "ok");
  EXPECT_EQ(rest("pets", "GET", ""), "ok");
  EXPECT_EQ(rest("pets", "DELETE", "/a/b/c"), "ok");
  EXPECT_EQ(rest("store", "GET", "/"), "access_denied") << "another service";
}

TEST_F(AccessRights, DoNotPassBetweenMemberAndSubsystem) {
  grant("pets", id("DEV/COM/2"));
  EXPECT_EQ(rest("pets", "GET", "/"), "access_denied");
  EXPECT_EQ(rest("pets", "GET", "/", id("DEV/COM/2")), "ok");
  grant("store", kCaller);
  EXPECT_EQ(rest("store", "GET", "/", id("DEV/COM/2")), "access_denied");
}

TEST_F(AccessRights, AnEndpointCoversItsMethodAndPathOnly) {
  grant("pets", kCaller, {"GET", "/pets/*"});
  EXPECT_EQ(rest("pets", "GET", "/pets/1"), "ok");
  EXPECT_EQ(rest("pets", "get", "/pets/1"), "ok");
  EXPECT_EQ(rest("pets", "POST", "/pets/1"), "access_denied");
  EXPECT_EQ(rest("pets", "GET", "/pets"), "access_denied");
  EXPECT_EQ(rest("pets", "GET", "/pets/1/toys"), "access_denied");
  EXPECT_EQ(rest("pets", "GET", "/pets/1", kStranger), "access_denied");
}

TEST_F(AccessRights, AnyMatchingRightAllows) {
  grant("pets", kCaller, {"GET", "/a"});
  grant("pets", kCaller, {"*", "/b/**"});
  grant("pets", kStranger, {"GET", "/c"});
  EXPECT_EQ(rest("pets", "GET", "/a"), "ok");
  EXPECT_EQ(rest("pets", "PUT", "/b/c"), "ok");
  EXPECT_EQ(rest("pets", "GET", "/c"), "access_denied");
}

TEST_F(AccessRights, SoapNeedsARightOnTheWholeService) {
  grant("getRandom", kCaller, {"POST", "**"});
  EXPECT_EQ(soap("getRandom", "v1"), "access_denied");
}

TEST_F(AccessRights, ReachThroughGlobalGroups) {
  const GlobalGroupId group{"DEV", "friends"};
  grant("pets", group);
  EXPECT_EQ(rest("pets", "GET", "/"), "access_denied");
  view_.in_groups.insert({group.to_string(), kCaller});
  EXPECT_EQ(rest("pets", "GET", "/"), "ok");
  EXPECT_EQ(rest("pets", "GET", "/", id("DEV/COM/2")), "access_denied");
}

TEST_F(AccessRights, ReachThroughLocalGroupsOfTheProvider) {
  grant("pets", LocalGroupId{"friends"});
  EXPECT_EQ(rest("pets", "GET", "/"), "access_denied") << "the group does not exist";
  provider_.local_groups["friends"] = {kCaller};
  provider_.local_groups["others"] = {kStranger};
  EXPECT_EQ(rest("pets", "GET", "/"), "ok");
  EXPECT_EQ(rest("pets", "GET", "/", kStranger), "access_denied");
}

TEST_F(AccessRights, NoRightCoversAMisleadingPath) {
  grant("pets", kCaller);
  for (const char* raw : {"/../x", "/a..b", "/%2e%2e/x", "/%252e%252e/x", "//a/b", "/%2Fa/b"})
    EXPECT_EQ(rest("pets", "GET", *normalise_service_path(raw)), "access_denied") << raw;
}

TEST_F(AccessRights, TraversalDoesNotWidenARight) {
  grant("pets", kCaller, {"GET", "/public/**"});
  EXPECT_EQ(rest("pets", "GET", *normalise_service_path("/public/x")), "ok");
  EXPECT_EQ(rest("pets", "GET", *normalise_service_path("/public/../secret")), "access_denied");
  EXPECT_EQ(rest("pets", "GET", *normalise_service_path("/public/%2e%2e/secret")), "access_denied");
  EXPECT_EQ(rest("pets", "GET", *normalise_service_path("/public%2f..%2fsecret")), "access_denied");
}

TEST_F(AccessRights, ADisabledServiceSaysSoOnlyToThoseWhoMayCallIt) {
  Service& service = provider_.services["pets"].front();
  service.disabled = true;
  service.disabled_notice = "back at noon";
  EXPECT_EQ(rest("pets", "GET", "/"), "access_denied");
  grant("pets", kCaller);
  auto refused =
      check_access(provider_, *ServiceId::make(kProvider, "pets"), kCaller, RequestedEndpoint{"GET", "/"}, view_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "service_disabled");
  EXPECT_NE(refused.error().text.find("back at noon"), std::string::npos);
}

TEST_F(AccessRights, ListsWhatACallerWasGranted) {
  provider_.local_groups["friends"] = {kCaller};
  grant("pets", kCaller, {"GET", "/a"});
  grant("pets", kStranger, {"GET", "/b"});
  grant("pets", LocalGroupId{"friends"}, {"GET", "/c"});
  std::set<std::string> paths;
  for (const Endpoint* endpoint : granted_endpoints(provider_, "pets", kCaller, view_)) paths.insert(endpoint->path);
  EXPECT_EQ(paths, (std::set<std::string>{"/a", "/c"}));
  EXPECT_TRUE(granted_endpoints(provider_, "store", kCaller, view_).empty());
}

TEST_F(AccessRights, AFoundServiceIsTheOneOfThatVersion) {
  grant("getRandom", kCaller);
  auto found = check_access(provider_, *ServiceId::make(kProvider, "getRandom", "v2"), kCaller, {}, view_);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ((*found)->version, "v2");
}

TEST(Rights, AreGrantedOnceAndListedInOrder) {
  Rights rights;
  const AccessRight right{"pets", {"GET", "/a"}, kCaller};
  EXPECT_TRUE(rights.grant(right));
  EXPECT_FALSE(rights.grant(right));
  EXPECT_TRUE(rights.grant({"pets", {"GET", "/a"}, GlobalGroupId{"DEV", "g"}}));
  EXPECT_FALSE(rights.grant({"pets", {"GET", "/a"}, GlobalGroupId{"DEV", "g"}}));
  EXPECT_TRUE(rights.grant({"mice", Endpoint::base(), LocalGroupId{"g"}}));
  const auto list = rights.list();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(rights.size(), 3U);
  EXPECT_EQ(list[0].service_code, "mice");
  EXPECT_EQ(std::get<ClientId>(list[1].subject), kCaller);
}

TEST_F(AccessRights, FiftyThousandServicesAndAMillionRightsAreAnsweredCorrectly) {
  std::vector<ClientId> callers;
  for (int i = 0; i < 5000; ++i) callers.push_back(id("DEV/COM/" + std::to_string(i) + "/app"));
  for (std::size_t service = 0; service < 50000; ++service) {
    const std::string code = "service" + std::to_string(service);
    add(code, "", ServiceType::rest);
    for (std::size_t client = 0; client < 20; ++client) grant(code, callers[(service * 7 + client) % callers.size()]);
  }
  EXPECT_EQ(provider_.rights.size(), 1000000U);
  EXPECT_EQ(rest("service1000", "GET", "/", callers[2000]), "ok");
  EXPECT_EQ(rest("service1000", "GET", "/", callers[2019]), "ok");
  EXPECT_EQ(rest("service1000", "GET", "/", callers[2020]), "access_denied");
  EXPECT_EQ(rest("service50000", "GET", "/", callers[1]), "unknown_service");
  int allowed = 0;
  for (std::size_t call = 0; call < 50000; ++call)
    allowed += rest("service" + std::to_string(call), "GET", "/x", callers[call * 7 % callers.size()]) == "ok" ? 1 : 0;
  EXPECT_EQ(allowed, 50000);
}

}  // namespace
}  // namespace causeway::securityserver
