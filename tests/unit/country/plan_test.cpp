// SPDX-License-Identifier: MIT
#include "country/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "country/apply.hpp"
#include "unit/country/sample_country.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::country {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "add member GOV/1".
std::vector<std::string> steps_of(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Step& each : plan.steps)
    texts.push_back(std::string(to_string(each.action)) + " " + each.kind + " " + each.subject);
  return texts;
}
std::vector<std::string> kept_of(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Kept& each : plan.kept) texts.push_back(each.kind + " " + each.subject + " " + each.reason);
  return texts;
}

ServerState server_with(const Country& country) {
  ServerState state{.country = country, .owners_group = "security-server-owners"};
  std::int64_t number = 100;
  for (CertificationService& service : *state.country.certification_services) {
    service.top.number = ++number;
    for (OcspResponder& each : service.top.ocsp_responders) each.number = ++number;
    for (CertificateAuthority& each : service.intermediates) {
      each.number = ++number;
      for (OcspResponder& inner : each.ocsp_responders) inner.number = ++number;
    }
  }
  for (TimestampingService& each : *state.country.timestamping_services) each.number = ++number;
  return state;
}

ServerState empty_server() {
  Country empty = sample_country();
  empty.central_server_address = "cs.example.org";
  empty.management_service_provider.reset();
  empty.member_classes->clear();
  empty.members->clear();
  empty.global_groups->clear();
  empty.certification_services->clear();
  empty.timestamping_services->clear();
  empty.trusted_anchors->clear();
  empty.configuration_parts->clear();
  return server_with(empty);
}

std::size_t place_of(const std::vector<std::string>& steps, const std::string& step) {
  const auto found = std::ranges::find(steps, step);
  EXPECT_NE(found, steps.end()) << step;
  return static_cast<std::size_t>(found - steps.begin());
}

TEST(Plan, IsEmptyWhenServerAndFileAgree) {
  for (const bool deleting : {false, true}) {
    const auto plan = make_plan(sample_country(), server_with(sample_country()), deleting);
    ASSERT_TRUE(plan) << plan.error().text;
    EXPECT_THAT(steps_of(*plan), IsEmpty());
    EXPECT_THAT(kept_of(*plan), IsEmpty());
  }
}

TEST(Plan, AddsEverythingInAnOrderThatWorks) {
  const auto plan = make_plan(sample_country(), empty_server(), false);
  ASSERT_TRUE(plan) << plan.error().text;
  const auto steps = steps_of(*plan);
  const auto before = [&](const std::string& first, const std::string& second) {
    EXPECT_LT(place_of(steps, first), place_of(steps, second)) << first << " before " << second;
  };
  before("add member class GOV", "add member GOV/1234");
  before("add member GOV/1234", "add subsystem GOV/1234/tax");
  before("add subsystem GOV/1234/tax", "add members of global group auditors");
  before("add global group auditors", "add members of global group auditors");
  before("add subsystem GOV/1234/management", "change management service provider GOV/1234/management");
  EXPECT_TRUE(std::ranges::all_of(plan->steps, [](const Step& each) { return each.action != Action::remove; }));
  // A step uses the number of what a step before it adds.
  std::set<std::string> given;
  for (const Step& each : plan->steps) {
    if (!each.needs.empty()) {
      EXPECT_TRUE(given.contains(each.needs)) << each.subject;
    }
    EXPECT_EQ(each.needs.empty(), each.call.path.find("{number}") == std::string::npos) << each.call.path;
    if (!each.gives.empty()) given.insert(each.gives);
  }
  EXPECT_EQ(given.size(), 2U) << "a service and an intermediate CA";
}

TEST(Plan, LeavesAloneWhatTheFileDoesNotMention) {
  Country little;
  little.instance = "EX";
  little.member_classes = sample_country().member_classes;
  const auto plan = make_plan(little, server_with(sample_country()), true);
  ASSERT_TRUE(plan);
  EXPECT_THAT(steps_of(*plan), IsEmpty());
}

TEST(Plan, ShowsEveryDifferenceOnce) {
  ServerState state = server_with(sample_country());
  Country& there = state.country;
  there.central_server_address = "old.example.org";
  there.member_classes->at("GOV") = "Old";
  there.members->at(client("GOV/1234")).name = "Old";
  there.members->at(client("GOV/1234")).subsystems.at("tax") = "Old";
  there.global_groups->at("auditors").description = "Old";
  there.global_groups->at("auditors").members.erase(client("GOV/1234/tax"));
  there.management_service_provider = client("GOV/1234/tax");
  CertificationService& service = there.certification_services->front();
  service.settings.acme_signing_profile = "old";
  service.top.ocsp_responders[0].cost = "PAID";
  service.top.ocsp_responders[1].certificate = NamedCertificate::of(globalconf::sample_pki().tsa);
  service.intermediates[0].ocsp_responders.clear();
  there.timestamping_services->front().certificate = NamedCertificate::of(globalconf::sample_pki().ca);
  there.trusted_anchors->at("EY").hash = "AA";
  there.configuration_parts->at("FETCHINTERVAL") = "<old/>";
  const auto plan = make_plan(sample_country(), state, false);
  ASSERT_TRUE(plan) << plan.error().text;
  EXPECT_THAT(kept_of(*plan), IsEmpty());
  const auto steps = steps_of(*plan);
  ASSERT_EQ(steps.size(), 15U) << ::testing::PrintToString(steps);
  EXPECT_EQ(plan->steps[place_of(steps, "change member GOV/1234")].detail,
            "name: \"Old\" -> \"Ministry: of \"Examples\"\"");
  const auto service_step = std::ranges::find(plan->steps, "certification service", &Step::kind);
  ASSERT_NE(service_step, plan->steps.end());
  EXPECT_THAT(service_step->detail, HasSubstr("signing_certificate_profile_id: \"old\" -> \"sign\""));
  // A certificate cannot be taken from a responder: it is made anew.
  EXPECT_EQ(place_of(steps, "delete OCSP responder http://ocsp2.example.org/") + 1,
            place_of(steps, "add OCSP responder http://ocsp2.example.org/"));
}

TEST(Plan, KeepsWhatTheFileDoesNotHaveUnlessAskedToDelete) {
  Country wanted = sample_country();
  wanted.member_classes->erase("COM");
  wanted.members->erase(client("COM/b%3F1"));
  wanted.global_groups->erase("nobody");
  wanted.global_groups->at("auditors").members.erase(client("GOV/1234"));
  wanted.certification_services->front().intermediates.clear();
  wanted.certification_services->front().top.ocsp_responders.pop_back();
  wanted.timestamping_services->clear();
  wanted.trusted_anchors->clear();
  wanted.configuration_parts->clear();
  const ServerState state = server_with(sample_country());
  const auto kept = make_plan(wanted, state, false);
  ASSERT_TRUE(kept);
  EXPECT_THAT(steps_of(*kept), IsEmpty());
  EXPECT_EQ(kept->kept.size(), 9U) << ::testing::PrintToString(kept_of(*kept));
  const auto deleting = make_plan(wanted, state, true);
  ASSERT_TRUE(deleting);
  EXPECT_THAT(kept_of(*deleting),
              ElementsAre("configuration part FETCHINTERVAL is not in the file; the admin API cannot "
                          "delete parts"));
  EXPECT_THAT(steps_of(*deleting),
              ElementsAre("delete trusted anchor EY", "delete time-stamping service http://tsa.example.org/",
                          "delete OCSP responder http://ocsp2.example.org/", HasSubstr("delete intermediate CA "),
                          "delete member of global group auditors GOV/1234", "delete global group nobody",
                          "delete member COM/b%3F1", "delete member class COM"));
}

TEST(Plan, DoesNotDeleteWhatSecurityServersNeed) {
  ServerState state = server_with(sample_country());
  state.servers = {{*ServerId::parse_rest("EX/COM/b%3F1/ss1"), "ss1.example.org"}};
  state.registered_subsystems = {client("GOV/1234/tax")};
  Country wanted = sample_country();
  wanted.global_groups.reset();
  wanted.management_service_provider.reset();
  wanted.members->clear();
  wanted.member_classes->clear();
  const auto plan = make_plan(wanted, state, true);
  ASSERT_TRUE(plan);
  EXPECT_THAT(steps_of(*plan), IsEmpty());
  EXPECT_THAT(kept_of(*plan),
              ::testing::UnorderedElementsAre(
                  HasSubstr("member COM/b%3F1 owns the Security Server ss1"), "member class COM has members that stay",
                  HasSubstr("subsystem GOV/1234/management provides the management services"),
                  HasSubstr("subsystem GOV/1234/tax is a client of a Security Server"),
                  "member GOV/1234 has a subsystem that stays", "member class GOV has members that stay"));
}

TEST(Plan, TwoAlikeOnAServerAreOneTooMany) {
  ServerState state = server_with(sample_country());
  state.country.timestamping_services->push_back(state.country.timestamping_services->front());
  state.country.timestamping_services->back().number = 999;
  const auto plan = make_plan(sample_country(), state, true);
  ASSERT_TRUE(plan);
  ASSERT_THAT(steps_of(*plan), ElementsAre("delete time-stamping service http://tsa.example.org/"));
  EXPECT_EQ(plan->steps[0].call.path, "/timestamping-services/999");
}

TEST(Plan, RefusesAnotherInstanceTheOwnersGroupAndCertificatesThatNobodyHas) {
  Country other = sample_country();
  other.instance = "EZ";
  EXPECT_EQ(make_plan(other, empty_server(), false).error().code, "wrong_instance");
  Country owners = sample_country();
  owners.global_groups->emplace("security-server-owners", GlobalGroup{"d", {}});
  EXPECT_THAT(make_plan(owners, empty_server(), false).error().text, HasSubstr("follows from the Security Servers"));
  Country unknown = sample_country();
  unknown.timestamping_services->front().certificate.certificate.reset();
  EXPECT_TRUE(make_plan(unknown, server_with(sample_country()), false)) << "the server has it";
  EXPECT_THAT(make_plan(unknown, empty_server(), false).error().text, HasSubstr("give the certificate itself"));
}

TEST(Plan, ManyMembersOfAGroupComeInSeveralCalls) {
  Country wanted = sample_country();
  for (int i = 0; i < 5000; ++i) {
    const ClientId id = client("GOV/" + std::to_string(i));
    wanted.members->emplace(id, Member{"A", {}});
    wanted.global_groups->at("auditors").members.insert(id);
  }
  const auto plan = make_plan(wanted, empty_server(), false);
  ASSERT_TRUE(plan);
  std::size_t calls = 0;
  for (const Step& each : plan->steps)
    if (each.kind == "members of global group") {
      ++calls;
      EXPECT_LT(each.call.body.size(), 50U * 1024);
    }
  EXPECT_GT(calls, 1U);
}

// Refuses the call whose number is given; gives out numbers to what is added.
class Refusing final : public AdminApi {
 public:
  explicit Refusing(std::size_t at) : at_(at) {}
  std::vector<std::string> paths;

  Result<ApiReply> ask(const ApiCall& call) override {
    paths.push_back(call.path);
    if (paths.size() == at_) return ApiReply{409, R"({"error":{"code":"member_exists"}})"};
    return ApiReply{201, R"({"id":)" + std::to_string(paths.size()) + "}"};
  }

 private:
  std::size_t at_;
};

TEST(Plan, EndsAtTheFirstRefusal) {
  const auto plan = make_plan(sample_country(), empty_server(), false);
  ASSERT_TRUE(plan);
  Refusing api(3);
  std::size_t told = 0;
  const Applied applied = apply_plan(api, *plan, [&](const Step&) { ++told; });
  EXPECT_EQ(applied.done, 2U);
  EXPECT_EQ(told, 3U);
  ASSERT_TRUE(applied.fault);
  EXPECT_THAT(applied.fault->text, HasSubstr("add member "));
  EXPECT_THAT(applied.fault->text, HasSubstr("409 member_exists"));
}

TEST(Plan, UsesTheNumbersThatTheServerGave) {
  const auto plan = make_plan(sample_country(), empty_server(), false);
  ASSERT_TRUE(plan);
  Refusing api(0);
  const Applied applied = apply_plan(api, *plan, [](const Step&) {});
  EXPECT_FALSE(applied.fault);
  EXPECT_EQ(applied.done, plan->steps.size());
  const auto service = std::ranges::find(api.paths, "/certification-services");
  ASSERT_NE(service, api.paths.end());
  const auto number = std::to_string(service - api.paths.begin() + 1);
  EXPECT_EQ(*(service + 1), "/certification-services/" + number + "/ocsp-responders");
}

}  // namespace
}  // namespace causeway::country
