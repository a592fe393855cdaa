// SPDX-License-Identifier: MIT
// Signing keys, the anchors that show them, and what is published of them.
#include "centralserver/registry/signing_keys.hpp"

#include "centralserver/registry/configuration_generations.hpp"
#include "centralserver/registry/source_anchors.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "globalconf/anchor.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class SigningKeysTest : public RegistryTest {
 protected:
  SigningKey key(const std::string& id, SourceType source = SourceType::internal) const {
    return {.id = id, .source = source, .node = {}, .token = "0", .certificate = sample_pki().internal_certificate};
  }
  std::string add(const std::string& id, SourceType source = SourceType::internal) {
    return in_change([&](Change& change) { return add_signing_key(change, key(id, source)); });
  }
  std::vector<std::string> active() const {
    std::vector<std::string> ids;
    for (const SigningKey& each : *signing_keys(registry))
      if (each.active) ids.push_back(each.id);
    return ids;
  }
  Result<globalconf::Anchor> anchor(SourceType source) const {
    auto stored = source_anchor(registry, source);
    if (!stored || !*stored) return Fault{"none", ""};
    EXPECT_EQ((*stored)->hash, globalconf::anchor_hash((*stored)->document));
    return globalconf::read_anchor((*stored)->document);
  }
  std::string recreate(SourceType source, const PublicPorts& ports = {}) {
    return in_change([&](Change& change) { return recreate_source_anchor(change, source, ports); });
  }
};
CAUSEWAY_ON_BOTH_ENGINES(SigningKeysTest);

TEST_P(SigningKeysTest, TheFirstOfEachSourceIsActive) {
  initialise();
  EXPECT_EQ(add("A"), kDone);
  EXPECT_EQ(add("B"), kDone);
  EXPECT_EQ(add("C", SourceType::external), kDone);
  EXPECT_EQ(active(), (std::vector<std::string>{"A", "C"}));
  EXPECT_EQ(signing_key(registry, "B")->node, kOnlyNode);
  EXPECT_EQ(signing_key(registry, "B")->certificate.der(), sample_pki().internal_certificate.der());
}

TEST_P(SigningKeysTest, AnotherTakesOver) {
  initialise();
  for (const char* id : {"A", "B"}) ASSERT_EQ(add(id), kDone);
  ASSERT_EQ(add("C", SourceType::external), kDone);
  EXPECT_EQ(in_change([](Change& change) { return activate_signing_key(change, "B"); }), kDone);
  EXPECT_EQ(active(), (std::vector<std::string>{"B", "C"}));
  EXPECT_EQ(in_change([](Change& change) { return delete_signing_key(change, "A"); }), kDone);
  EXPECT_EQ(signing_key(registry, "A").error().code, "signing_key_not_found");
}

TEST_P(SigningKeysTest, TheActiveOneStays) {
  initialise();
  ASSERT_EQ(add("A"), kDone);
  EXPECT_EQ(in_change([](Change& change) { return delete_signing_key(change, "A"); }),
            "signing_key_action_not_possible");
  EXPECT_EQ(in_change([](Change& change) { return activate_signing_key(change, "A"); }),
            "signing_key_action_not_possible");
  for (const char* none : {"B", "", "\xff"}) {
    EXPECT_EQ(in_change([&](Change& change) { return delete_signing_key(change, none); }), "signing_key_not_found");
    EXPECT_EQ(in_change([&](Change& change) { return activate_signing_key(change, none); }), "signing_key_not_found");
  }
}

TEST_P(SigningKeysTest, AnAnchorHasTheKeysOfEveryNodeAtItsAddress) {
  initialise();
  EXPECT_EQ(recreate(SourceType::internal), "no_configuration_signing_keys_configured");
  EXPECT_FALSE(source_anchor(registry, SourceType::internal)->has_value());
  for (const char* id : {"A", "B"}) ASSERT_EQ(add(id), kDone);
  ASSERT_EQ(recreate(SourceType::internal), kDone);
  const auto made = anchor(SourceType::internal);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->instance, "DEV");
  ASSERT_EQ(made->sources.size(), 2U);
  EXPECT_EQ(made->sources[0].download_url, "http://cs.example.org/internalconf");
  EXPECT_EQ(made->sources[1].download_url, "https://cs.example.org/internalconf");
  EXPECT_EQ(made->sources[0].verification_certificates.size(), 2U);
  EXPECT_EQ(anchor(SourceType::external).error().code, "none");
  ASSERT_EQ(recreate(SourceType::internal, {.http = 8080, .https = 8443}), kDone);
  EXPECT_EQ(anchor(SourceType::internal)->sources[0].download_url, "http://cs.example.org:8080/internalconf");
  EXPECT_EQ(anchor(SourceType::internal)->sources[1].download_url, "https://cs.example.org:8443/internalconf");
}

TEST_P(SigningKeysTest, NodesAreToldApart) {
  initialise();
  ASSERT_EQ(add("A"), kDone);
  Registry second = *Registry::open(open(), "node_1");
  auto change = Change::begin(second, "admin");
  ASSERT_TRUE(change);
  ASSERT_TRUE(initialize(*change, "DEV", "cs2.example.org"));
  const auto added = add_signing_key(*change, key("B"));
  ASSERT_TRUE(added);
  EXPECT_TRUE(added->active) << "the first of its node";
  EXPECT_EQ(delete_signing_key(*change, "A").error().code, "signing_key_not_found") << "another node's";
  ASSERT_TRUE(recreate_source_anchor(*change, SourceType::internal, {}));
  ASSERT_TRUE(change->commit());
  ASSERT_EQ(anchor(SourceType::internal)->sources.size(), 4U);
  EXPECT_EQ(anchor(SourceType::internal)->sources[1].download_url, "http://cs2.example.org/internalconf");
  const auto sources = configuration_sources(registry, {});
  ASSERT_EQ(sources->size(), 2U);
  EXPECT_EQ(sources->at(1).address, "cs2.example.org");
  EXPECT_EQ(sources->at(1).internal_verification_certificates.size(), 1U);
  EXPECT_TRUE(sources->at(1).external_verification_certificates.empty());
}

TEST_P(SigningKeysTest, GenerationsAreNotedWithoutAChange) {
  EXPECT_EQ(*latest_change(registry), 0);
  initialise();
  const auto change = *latest_change(registry);
  EXPECT_GT(change, 0);
  const TimePoint at = from_unix_millis(1'772'000'000'000);
  ASSERT_TRUE(note_generation(registry, at));
  ASSERT_TRUE(note_generation(registry, at + std::chrono::minutes(1)));
  EXPECT_EQ(configuration_generations(registry)->at(kOnlyNode), at + std::chrono::minutes(1));
  EXPECT_EQ(*latest_change(registry), change);
  ASSERT_EQ(add("A"), kDone);
  EXPECT_GT(*latest_change(registry), change);
}

}  // namespace
}  // namespace causeway::centralserver
