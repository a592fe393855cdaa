// SPDX-License-Identifier: MIT
// Plans carried out on a real Central Server's administration interface, over a socket.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <set>

#include "centralserver/api/server_operations.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "country/apply.hpp"
#include "country/country_writer.hpp"
#include "country/http_admin_api.hpp"
#include "country/plan.hpp"
#include "unit/centralserver/api/api_fixture.hpp"
#include "unit/country/sample_country.hpp"

namespace causeway::country {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ACentralServer : public centralserver::CentralServerApi {
 protected:
  ACentralServer() {
    try_anchor_ = [](const globalconf::Anchor&) { return Result<void>(); };
  }

  void SetUp() override {
    CentralServerApi::SetUp();
    const admin::Roles roles = centralserver::central_server_roles();
    const admin::Names all{"XROAD_REGISTRATION_OFFICER", "XROAD_SECURITY_OFFICER", "XROAD_SYSTEM_ADMINISTRATOR"};
    const auto key = admin::ApiKeys(roles).create(open().database(), all, {"installer", all, {}});
    ASSERT_TRUE(key) << key.error().text;
    key_ = key->secret;
    api_client_ = client_of(key_);
  }

  void add_more(admin::Router& router) override {
    add_server_operations(
        router, registries_,
        {.signer = []() -> Result<signer::SignerConnection> { return Fault{"io_error", "there is no signer"}; },
         .generation = [] { return centralserver::GenerationStatus(); },
         .wake_generation = [] {}});
  }

  std::unique_ptr<AdminApi> client_of(const std::string& key) const {
    auto opened = open_admin_api({.url = "http://127.0.0.1:" + std::to_string(http_->port()), .api_key = key});
    EXPECT_TRUE(opened);
    return *std::move(opened);
  }

  Plan planned(const Country& wanted, bool deleting = false) const {
    auto plan = plan_for(*api_client_, wanted, deleting);
    EXPECT_TRUE(plan) << plan.error().text;
    return plan ? *std::move(plan) : Plan{};
  }
  void applied(const Country& wanted, bool deleting = false) const {
    const Applied done = apply_plan(*api_client_, planned(wanted, deleting), [](const Step&) {});
    EXPECT_FALSE(done.fault) << done.fault->text;
    EXPECT_THAT(subjects(planned(wanted, deleting)), IsEmpty()) << "the second time there is nothing to do";
  }
  static std::vector<std::string> subjects(const Plan& plan) {
    std::vector<std::string> texts;
    for (const Step& each : plan.steps)
      texts.push_back(std::string(to_string(each.action)) + " " + each.kind + " " + each.subject);
    return texts;
  }

  std::string key_;
  std::unique_ptr<AdminApi> api_client_;
};

Country nothing() {
  Country country = sample_country();
  country.central_server_address.reset();
  country.management_service_provider.reset();
  country.member_classes->clear();
  country.members->clear();
  country.global_groups->clear();
  country.certification_services->clear();
  country.timestamping_services->clear();
  country.trusted_anchors->clear();
  country.configuration_parts.reset();
  return country;
}

TEST_F(ACentralServer, BecomesWhatAFileSaysAndSaysItBack) {
  const Country wanted = sample_country();
  applied(wanted);
  auto whole = read_whole_state(*api_client_);
  ASSERT_TRUE(whole) << whole.error().text;
  EXPECT_EQ(whole->missing.size(), 4U) << "no configuration was made that certificates could be taken from";
  Country& there = whole->state.country;
  const auto again = read_again(there);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_THAT(subjects(planned(*again)), IsEmpty()) << "what is exported changes nothing";
  // But for the certificates it is the file itself.
  there.certification_services = wanted.certification_services;
  there.timestamping_services = wanted.timestamping_services;
  EXPECT_EQ(write_country(there, {}).yaml, write_country(wanted, {}).yaml);
}

TEST_F(ACentralServer, DriftIsShownAndMended) {
  const Country wanted = sample_country();
  applied(wanted);
  EXPECT_EQ(officer("PATCH", "/members/EX:GOV:1234", R"({"member_name":"Other"})").status, 200);
  EXPECT_EQ(officer("DELETE", "/global-groups/auditors").status, 204);
  EXPECT_EQ(ask("SYSTEM_ADMINISTRATOR", "PATCH", "/certification-services/1", R"({"tls_auth":"false"})").status, 200);
  EXPECT_EQ(ask("SYSTEM_ADMINISTRATOR", "DELETE", "/ocsp-responders/1").status, 204);
  EXPECT_EQ(security("PUT", "/system/server-address", R"({"central_server_address":"other.example.org"})").status, 200);
  EXPECT_THAT(subjects(planned(wanted)),
              ::testing::UnorderedElementsAre("change Central Server address cs.example.org", "change member GOV/1234",
                                              "add global group auditors", "add members of global group auditors",
                                              HasSubstr("change certification service "),
                                              "add OCSP responder http://ocsp.example.org/"));
  applied(wanted);
}

TEST_F(ACentralServer, EveryFieldOfAFileCanBeChanged) {
  applied(sample_country());
  Country other = sample_country();
  other.central_server_address = "new.example.org";
  other.member_classes->at("GOV") = "New";
  other.members->at(client("GOV/1234")) = {"New", {{"management", ""}, {"tax", "New"}}};
  other.global_groups->at("nobody") = {"New", {client("GOV/1234/tax")}};
  other.management_service_provider = client("GOV/1234/tax");
  CertificationService& service = other.certification_services->front();
  service.settings = {.profile = "ee.ria.xroad.common.certificateprofile.impl.FiVRKCertificateProfileInfoProvider"};
  std::swap(service.top.ocsp_responders[0].certificate, service.top.ocsp_responders[1].certificate);
  service.intermediates[0].ocsp_responders[0].cost = "PAID";
  other.timestamping_services->front().cost = "FREE";
  other.timestamping_services->front().certificate = service.top.certificate;
  const std::string anchor = sample_anchor() + "\n";
  other.trusted_anchors->at("EY") = {globalconf::anchor_hash(anchor), anchor};
  applied(other);
  applied(sample_country());
}

TEST_F(ACentralServer, WhatAFileDoesNotHaveGoesWhenAskedTo) {
  applied(sample_country());
  Country wanted = nothing();
  EXPECT_THAT(subjects(planned(wanted)), IsEmpty());
  // The provider of the management services stays, and who it belongs to.
  applied(wanted, true);
  EXPECT_THAT(planned(wanted, true).kept, ::testing::SizeIs(3));
  const auto whole = read_whole_state(*api_client_);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->state.country.members->size(), 1U);
  EXPECT_EQ(whole->state.country.members->begin()->second.subsystems.size(), 1U);
  EXPECT_TRUE(whole->state.country.certification_services->empty());
  EXPECT_TRUE(whole->state.country.trusted_anchors->empty());
  applied(sample_country());
}

TEST_F(ACentralServer, WhatSecurityServersNeedStays) {
  applied(sample_country());
  auto registry = open();
  auto change = centralserver::Change::begin(registry, "tester");
  const ServerId server = *ServerId::parse_rest("EX/COM/b%3F1/ss1");
  ASSERT_TRUE(register_security_server(*change, server, "ss1.example.org"));
  ASSERT_TRUE(register_client(*change, server, client("GOV/1234/tax")));
  ASSERT_TRUE(change->commit());
  Country wanted = nothing();
  applied(wanted, true);
  std::set<std::string> kept;
  for (const Kept& each : planned(wanted, true).kept) kept.insert(each.kind + " " + each.subject);
  EXPECT_EQ(kept, (std::set<std::string>{"member COM/b%3F1", "member GOV/1234", "member class COM", "member class GOV",
                                         "subsystem GOV/1234/management", "subsystem GOV/1234/tax"}));
  const auto whole = read_whole_state(*api_client_);
  ASSERT_TRUE(whole);
  EXPECT_THAT(write_country(whole->state.country, whole->state.servers).yaml,
              HasSubstr("#   EX/COM/b%3F1/ss1 at ss1.example.org"));
}

// Lets so many changes through, then is as dead as a killed process.
class Killed final : public AdminApi {
 public:
  Killed(AdminApi& api, std::size_t changes) : api_(api), left_(changes) {}
  Result<ApiReply> ask(const ApiCall& call) override {
    if (call.method != "GET" && left_-- == 0) return Fault{"network_error", "killed"};
    return api_.ask(call);
  }

 private:
  AdminApi& api_;
  std::size_t left_;
};

TEST_F(ACentralServer, KilledAfterAnyStepTheNextRunGoesOn) {
  for (const bool deleting : {false, true}) {
    const Country wanted = deleting ? nothing() : sample_country();
    std::size_t runs = 0;
    for (std::size_t left = planned(wanted, deleting).steps.size(); left > 0; ++runs) {
      Killed api(*api_client_, 1);
      const Applied done = apply_plan(api, planned(wanted, deleting), [](const Step&) {});
      EXPECT_EQ(done.done, 1U);
      EXPECT_EQ(done.fault.has_value(), left > 1);
      const std::size_t now_left = planned(wanted, deleting).steps.size();
      ASSERT_EQ(now_left, left - 1) << ::testing::PrintToString(subjects(planned(wanted, deleting)));
      left = now_left;
    }
    EXPECT_GT(runs, 7U);
  }
}

TEST_F(ACentralServer, HundredsOfMembersAreReadWhole) {
  Country wanted = nothing();
  wanted.member_classes->emplace("GOV", "Government");
  for (int i = 0; i < 300; ++i)
    wanted.members->emplace(client("GOV/" + std::to_string(i)),
                            Member{"Member " + std::to_string(i), {{"a", ""}, {"b", "B"}}});
  applied(wanted);
  EXPECT_EQ(read_whole_state(*api_client_)->state.country.members->size(), 300U);
}

// As X-Road's list of clients is.
class WithoutNamesInLists final : public AdminApi {
 public:
  explicit WithoutNamesInLists(AdminApi& api) : api_(api) {}

  Result<ApiReply> ask(const ApiCall& call) override {
    auto reply = api_.ask(call);
    if (!reply || !call.path.starts_with("/clients")) return reply;
    boost::json::value body = boost::json::parse(reply->body);
    for (boost::json::value& each : body.at("clients").as_array()) each.as_object().erase("subsystem_name");
    return ApiReply{reply->status, boost::json::serialize(body)};
  }

 private:
  AdminApi& api_;
};

TEST_F(ACentralServer, IsAskedForNamesThatItsListDoesNotTell) {
  const Country wanted = sample_country();
  applied(wanted);
  WithoutNamesInLists api(*api_client_);
  const auto plan = plan_for(api, wanted, false);
  ASSERT_TRUE(plan) << plan.error().text;
  EXPECT_THAT(subjects(*plan), IsEmpty());
  EXPECT_EQ(officer("PATCH", "/subsystems/EX:GOV:1234:management", R"({"subsystem_name":"Other"})").status, 200);
  const auto drift = plan_for(api, wanted, false);
  ASSERT_TRUE(drift);
  EXPECT_THAT(subjects(*drift), ::testing::ElementsAre("change subsystem GOV/1234/management"));
}

TEST_F(ACentralServer, SaysWhyItWillNot) {
  EXPECT_THAT(plan_for(*client_of("nonsense"), sample_country(), false).error().text, HasSubstr("API key"));
  const auto officer_only = client_of(secrets_.at("XROAD_REGISTRATION_OFFICER"));
  EXPECT_THAT(plan_for(*officer_only, sample_country(), false).error().text, HasSubstr("no role of the API key"));
  Country other = sample_country();
  other.instance = "EZ";
  EXPECT_THAT(plan_for(*api_client_, other, false).error().text, HasSubstr("the server is that of EX"));
  Country unknown = sample_country();
  unknown.certification_services->front().settings.profile = "org.example.Unknown";
  const Applied done = apply_plan(*api_client_, planned(unknown), [](const Step&) {});
  ASSERT_TRUE(done.fault);
  EXPECT_THAT(done.fault->text, HasSubstr("the server does not know this certificate profile"));
  applied(sample_country());
}

}  // namespace
}  // namespace causeway::country
