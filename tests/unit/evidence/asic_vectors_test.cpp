// SPDX-License-Identifier: MIT
// Containers and archives that X-Road and others made (evidence.md section 10).
#include <map>

#include "evidence/archive_verifier.hpp"
#include "shared_parameters.hpp"
#include "vectors.hpp"

namespace causeway::evidence {
namespace {

const std::string kContainers = "tool/asic-verifier-cli/src/test/resources/";
const std::string kReaders = "lib/asic-core/src/test/resources/";
const std::string kArchives = "addons/messagelog/messagelog-archive-verifier/src/test/resources/";

std::string shown(const ContainerReport& report) {
  std::string text;
  for (const Check& check : report.checks.all())
    text += check.name + " " + std::string(to_string(check.state)) + " " + check.code + " " + check.text + "\n";
  return text;
}

class AsicVectors : public XroadVectors {
 protected:
  void SetUp() override {
    XroadVectors::SetUp();
    if (IsSkipped()) return;
    const std::string parameters =
        xroad_vector("lib/globalconf-core/src/test/resources/globalconf_good2_v3/DEV/shared-params.xml");
    add_authorities(authorities_, "DEV", parameters);
    timestamp_authorities_ = timestamp_authorities_in(parameters);
  }

  AsicTrust trust() const { return {authorities_, timestamp_authorities_}; }

  void expect(const std::string& name, const std::string& check, const std::string& code) {
    const std::string file = xroad_vector(name);
    const ContainerReport report = verify_container(as_bytes(file), trust());
    const Check* const failure = report.checks.first_failure();
    EXPECT_EQ(failure ? failure->name : "", check) << name << "\n" << shown(report);
    EXPECT_EQ(failure ? failure->code : "", code) << name << "\n" << shown(report);
  }

  TestTrust authorities_;
  std::vector<pki::Certificate> timestamp_authorities_;
};

TEST_F(AsicVectors, ValidContainersAreGood) {
  for (const char* name : {"valid-signed-message", "valid-signed-hashchain", "valid-batch-ts", "valid-non-batch-rest",
                           "valid-non-batch-soap-attachments", "invalid-not-signed-hashchain"})
    expect(kContainers + name + ".asice", "", "");
  expect(kReaders + "valid-signed-message-with-attachments.asice", "", "");
}

TEST_F(AsicVectors, BrokenContainersHaveTheCodesOfXRoad) {
  const std::string value = "invalid_signature_value", malformed = "malformed_signature";
  expect(kContainers + "wrong-message.asice", "references", value);
  expect(kContainers + "invalid-digest.asice", "signature_value", value);
  expect(kContainers + "invalid-signed-hashchain.asice", "hash_chain", malformed + ".invalid_hash_chain_ref");
  expect(kContainers + "invalid-hashchain-modified-message.asice", "hash_chain",
         malformed + ".hashchain_unused_inputs");
  expect(kContainers + "invalid-incorrect-references.asice", "signature", malformed);
  expect(kContainers + "invalid-ts-hashchainresult.asice", "timestamp_chain", malformed);
}

TEST_F(AsicVectors, WhatIsNoContainerHasTheCodesOfXRoad) {
  expect(kReaders + "no-message.asice", "container", "asic_message_not_found");
  expect(kReaders + "no-mimetype.asice", "container", "asic_mime_type_not_found");
  expect(kReaders + "no-signature.asice", "container", "asic_signature_not_found");
  expect(kReaders + "not-asic.asice", "container", "asic_invalid_container");
  expect(kContainers + "attachments.asice", "container", "asic_message_not_found");
}

TEST_F(AsicVectors, TellsWhoSignedAndWhen) {
  const std::string file = xroad_vector(kContainers + "valid-batch-ts.asice");
  const ContainerReport report = verify_container(as_bytes(file), trust());
  ASSERT_TRUE(report.good()) << shown(report);
  EXPECT_EQ(report.message->sender().member().instance(), "DEV");
  EXPECT_EQ(to_iso_seconds(report.timestamp->time).substr(0, 10), "2024-12-05");
  EXPECT_TRUE(report.ocsp);
}

// Their authorities are in no configuration among the vectors: everything but their part.
TEST_F(AsicVectors, ContainersOfArchivesAreGoodButForTheirAuthorities) {
  std::string link;
  std::size_t containers = 0, attachments = 0;
  for (const char* name : {"message-archive-0.zip", "message-archive-1.zip"}) {
    const std::string file = xroad_vector(kArchives + name);
    ASSERT_TRUE(is_archive(as_bytes(file)));
    const auto look = [&](const std::string& container, const AsicContainer*, const ContainerReport& report) {
      std::map<std::string, CheckState> states;
      for (const Check& check : report.checks.all()) states[check.name] = check.state;
      for (const char* passed : {"container", "message", "signature", "timestamp_chain", "timestamp", "certificate",
                                 "signature_value", "references", "coverage", "manifest", "timestamp_manifest"})
        EXPECT_EQ(states[passed], CheckState::passed) << container << " " << passed << "\n" << shown(report);
      EXPECT_EQ(states["timestamp_authority"], CheckState::failed) << container;
      EXPECT_EQ(states["signer"], CheckState::failed) << container;
      attachments += report.attachments.size();
      for (const AttachmentVerdict& attachment : report.attachments)
        EXPECT_NE(attachment.state, CheckState::failed) << container << "\n" << shown(report);
    };
    const ArchiveReport report = verify_archive(as_bytes(file), trust(), {true, link}, look);
    EXPECT_TRUE(report.checks.good()) << name << " "
                                      << (report.checks.first_failure() ? report.checks.first_failure()->text : "");
    EXPECT_FALSE(report.good());
    containers += report.containers;
    link = report.last_link;
    EXPECT_FALSE(link.empty());
  }
  EXPECT_EQ(containers, 21u);
  EXPECT_GT(attachments, 0u);
}

TEST_F(AsicVectors, ArchivesFollowOneAnother) {
  const std::string second = xroad_vector(kArchives + "message-archive-1.zip");
  const auto failure = [&](const PreviousLink& previous) {
    const ArchiveReport report = verify_archive(as_bytes(second), trust(), previous, {});
    return report.checks.first_failure() ? report.checks.first_failure()->name : "";
  };
  EXPECT_EQ(failure({}), "");
  EXPECT_EQ(failure({true, ""}), "previous_link");
  EXPECT_EQ(failure({true, std::string(128, 'a')}), "previous_link");
}

}  // namespace
}  // namespace causeway::evidence
