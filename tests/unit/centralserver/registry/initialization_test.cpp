// SPDX-License-Identifier: MIT
#include "centralserver/registry/initialization.hpp"

#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class InitializationTest : public RegistryTest {};
CAUSEWAY_ON_BOTH_ENGINES(InitializationTest);

TEST_P(InitializationTest, BeginsWithTheParametersOfXRoad) {
  EXPECT_EQ(code_of(instance_identifier(registry)), "instance_identifier_not_set");
  initialise();
  const auto parameters = system_parameters(registry);
  ASSERT_TRUE(parameters) << parameters.error().text;
  EXPECT_EQ(parameters->instance, "DEV");
  EXPECT_EQ(parameters->central_server_address, "cs.example.org");
  EXPECT_EQ(parameters->resolved_registration_url(), "https://cs.example.org:4001/managementservice/");
  EXPECT_EQ(parameters->resolved_registration_url(14001), "https://cs.example.org:14001/managementservice/");
  EXPECT_EQ(parameters->ocsp_freshness, std::chrono::seconds(3600));
  EXPECT_EQ(parameters->timestamping_interval, std::chrono::seconds(60));
  EXPECT_EQ(parameters->validity, std::chrono::seconds(600));
  EXPECT_EQ(parameters->part_hash, pki::DigestAlgorithm::sha512);
  const auto group = global_group(registry, "security-server-owners");
  ASSERT_TRUE(group);
  EXPECT_EQ(group->description, "Security server owners");
}

TEST_P(InitializationTest, IsDoneOnce) {
  initialise();
  EXPECT_EQ(in_change([](Change& change) { return initialize(change, "DEV", "cs.example.org"); }),
            "init_already_initialized");
}

TEST_P(InitializationTest, RefusesWhatCannotBePublished) {
  EXPECT_EQ(in_change([](Change& change) { return initialize(change, "D/EV", "cs.example.org"); }),
            "validation_failure");
  EXPECT_EQ(in_change([](Change& change) { return initialize(change, "DEV", "cs example"); }), "validation_failure");
  EXPECT_EQ(code_of(instance_identifier(registry)), "instance_identifier_not_set");
}

TEST_P(InitializationTest, EveryNodeHasItsOwnAddress) {
  initialise();
  auto second = Registry::open(open(), "node_1");
  ASSERT_TRUE(second);
  {
    auto change = Change::begin(*second, "admin");
    EXPECT_EQ(code_of(initialize(*change, "OTHER", "cs2.example.org")), "validation_failure");
  }
  auto change = Change::begin(*second, "admin");
  ASSERT_TRUE(change);
  ASSERT_TRUE(initialize(*change, "DEV", "cs2.example.org"));
  ASSERT_TRUE(change->commit());
  EXPECT_EQ(system_parameters(*second)->central_server_address, "cs2.example.org");
  EXPECT_EQ(system_parameters(registry)->central_server_address, "cs.example.org");
  const auto addresses = node_addresses(registry);
  ASSERT_TRUE(addresses);
  ASSERT_EQ(addresses->size(), 2U);
  EXPECT_EQ(addresses->at(0).address, "cs.example.org");
  EXPECT_EQ(addresses->at(1).address, "cs2.example.org");
}

TEST_P(InitializationTest, ParametersAreSetByXRoadsNames) {
  initialise();
  const auto set = [&](const char* name, const char* value) {
    return in_change([&](Change& change) { return set_system_parameter(change, name, value); });
  };
  EXPECT_EQ(set("ocspFreshnessSeconds", "1200"), kDone);
  EXPECT_EQ(set("confHashAlgoUri", "http://www.w3.org/2001/04/xmlenc#sha256"), kDone);
  EXPECT_EQ(set("confSignDigestAlgoId", "SHA-384"), kDone);
  EXPECT_EQ(set("authCertRegUrl", "https://%{centralServerAddress}/here/"), kDone);
  const auto parameters = system_parameters(registry);
  EXPECT_EQ(parameters->ocsp_freshness, std::chrono::seconds(1200));
  EXPECT_EQ(parameters->part_hash, pki::DigestAlgorithm::sha256);
  EXPECT_EQ(parameters->signature_digest, pki::DigestAlgorithm::sha384);
  EXPECT_EQ(parameters->resolved_registration_url(14001), "https://cs.example.org/here/");
  EXPECT_EQ(latest_history(), std::vector<std::string>{"changed system parameter authCertRegUrl value"});
}

TEST_P(InitializationTest, TheHistoryTellsOfWhichNodeAParameterIsAndWhoChangedIt) {
  initialise();
  EXPECT_EQ(in_change([](Change& change) { return set_central_server_address(change, "cs3.example.org"); }), kDone);
  const auto entries = read_history(registry);
  ASSERT_TRUE(entries);
  const HistoryEntry& entry = entries->back();
  EXPECT_EQ(entry.kind, "system parameter");
  EXPECT_EQ(entry.subject, "centralServerAddress of node_0");
  EXPECT_EQ(entry.author, "admin");
  EXPECT_EQ(entry.before, "cs.example.org");
  EXPECT_EQ(entry.after, "cs3.example.org");
}

TEST_P(InitializationTest, RefusesParametersThatServersCouldNotWorkWith) {
  initialise();
  const auto set = [&](const char* name, const char* value) {
    return in_change([&](Change& change) { return set_system_parameter(change, name, value); });
  };
  EXPECT_EQ(set("unknown", "1"), "validation_failure");
  EXPECT_EQ(set("instanceIdentifier", "X"), "validation_failure");
  EXPECT_EQ(set("managementServiceProviderCode", "X"), "validation_failure");
  for (const char* value : {"", "0", "-1", "1.5", "10 ", "99999999999999999999"})
    EXPECT_EQ(set("confExpireIntervalSeconds", value), "validation_failure") << value;
  EXPECT_EQ(set("timeStampingIntervalSeconds", "3600"), "validation_failure") << "as long as a response is fresh";
  EXPECT_EQ(set("confHashAlgoUri", "http://www.w3.org/2000/09/xmldsig#sha1"), "validation_failure");
  EXPECT_EQ(set("authCertRegUrl", ""), "invalid_url");
}

TEST_P(InitializationTest, ParametersNeedAnInstance) {
  EXPECT_EQ(in_change([](Change& change) { return set_system_parameter(change, "ocspFreshnessSeconds", "60"); }),
            "instance_identifier_not_set");
}

}  // namespace
}  // namespace causeway::centralserver
