// SPDX-License-Identifier: MIT
#include "globalconf/view.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.hpp"
#include "globalconf/configuration_directory.hpp"
#include "globalconf/description.hpp"
#include "globalconf/timestamp_authorities.hpp"
#include "pki/certificate_builder.hpp"
#include "support/temporary_directory.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

const TimePoint kLater = now() + std::chrono::hours(1);

class Views : public ::testing::Test {
 protected:
  Views() : directory(folder.path()) {
    EXPECT_TRUE(directory.save_own_instance("DEV"));
    store(sample_instance("DEV"));
  }
  void store(const InstanceDescription& description, int version = 6, std::optional<TimePoint> expires = kLater) {
    auto shared = *shared_parameters_of(description, version);
    if (version >= 3) shared.sources = {{"cs", {}, {}}};
    store_text(description.instance, kSharedParametersFile, write_shared_parameters(shared, version), version, expires);
    if (description.instance == "DEV")
      store_text("DEV", kPrivateParametersFile, write_private_parameters(*private_parameters_of(description)), version,
                 expires);
  }
  void store_text(const std::string& instance, std::string_view file, const std::string& xml, int version,
                  std::optional<TimePoint> expires = kLater) {
    PartMetadata metadata{"X", instance, expires, {}, {}, std::to_string(version)};
    EXPECT_TRUE(directory.save(directory.file(instance, file), xml, metadata));
  }
  std::shared_ptr<const View> view() const {
    auto loaded = load_view(folder.path().string());
    EXPECT_TRUE(loaded) << loaded.error().text;
    return loaded ? *loaded : empty_view();
  }

  testing::TemporaryDirectory folder;
  ConfigurationDirectory directory;
};

std::vector<std::string> codes(const std::vector<const ServerEntry*>& servers) {
  std::vector<std::string> out;
  for (const ServerEntry* server : servers) out.push_back(server->id.code());
  return out;
}

TEST_F(Views, FindTheServersOfExactlyThisClient) {
  const auto conf = view();
  using Codes = std::vector<std::string>;
  EXPECT_EQ(codes(conf->servers_of(client_id("DEV/GOV/100/registry"))), (Codes{"SS1", "SS2"}));
  EXPECT_EQ(codes(conf->servers_of(client_id("DEV/GOV/100/MGMT"))), Codes{"SS1"});
  // The owner is a client of its server; as a member it may be one of others.
  EXPECT_EQ(codes(conf->servers_of(client_id("DEV/GOV/100"))), (Codes{"SS1", "SS2"}));
  EXPECT_EQ(codes(conf->servers_of(client_id("DEV/COM/200"))), Codes{"SS2"});
  for (const char* stranger : {"DEV/GOV/100/none", "DEV/GOV/200", "DEV/COM/100/registry", "FED/GOV/100/registry"})
    EXPECT_TRUE(conf->servers_of(client_id(stranger)).empty()) << stranger;
}

TEST_F(Views, KnowServersTheirAddressesAndMaintenance) {
  const auto conf = view();
  const ServerEntry* const first = conf->server(server_id("DEV/GOV/100/SS1"));
  const ServerEntry* const second = conf->server(server_id("DEV/COM/200/SS2"));
  ASSERT_TRUE(first != nullptr && second != nullptr);
  EXPECT_EQ(first->address, "127.0.0.2");
  EXPECT_FALSE(first->maintenance);
  EXPECT_EQ(second->maintenance, "back on Monday");
  EXPECT_EQ(conf->server(server_id("DEV/GOV/100/SS2")), nullptr);
  EXPECT_TRUE(conf->serves(*first, client_id("DEV/GOV/100")));
  EXPECT_TRUE(conf->serves(*first, client_id("DEV/GOV/100/MGMT")));
  EXPECT_FALSE(conf->serves(*first, client_id("DEV/COM/200/client")));
  EXPECT_FALSE(conf->serves(*first, client_id("FED/GOV/100")));
  EXPECT_EQ(conf->servers("DEV").size(), 2U);
}

TEST_F(Views, KnowGroupsByExactIdentifier) {
  const auto conf = view();
  EXPECT_TRUE(conf->in_global_group({"DEV", "readers"}, client_id("DEV/COM/200/client")));
  EXPECT_FALSE(conf->in_global_group({"DEV", "readers"}, client_id("DEV/COM/200")));
  EXPECT_FALSE(conf->in_global_group({"DEV", "nobody"}, client_id("DEV/COM/200/client")));
  EXPECT_FALSE(conf->in_global_group({"FED", "readers"}, client_id("DEV/COM/200/client")));
}

TEST_F(Views, ListMembersAndSubsystemsInOrder) {
  const auto entries = view()->members("DEV");
  ASSERT_EQ(entries.size(), 5U);
  EXPECT_EQ(entries[0].id, client_id("DEV/GOV/100"));
  EXPECT_EQ(entries[2].id, client_id("DEV/GOV/100/registry"));
  EXPECT_EQ(entries[2].subsystem_name, "Population registry");
  EXPECT_EQ(entries[4].name, "Öko & Söhne");
  EXPECT_TRUE(view()->members("FED").empty());
  EXPECT_TRUE(view()->has_client(client_id("DEV/GOV/100/registry")));
  EXPECT_FALSE(view()->has_client(client_id("DEV/GOV/100/other")));
}

TEST_F(Views, ACertificateIsAServersByTheHashKindOfTheOwnVersion) {
  const SamplePki& keys = sample_pki();
  auto partner = sample_instance("FED");
  const auto other = *pki::issue_certificate(
      {pki::CertificateKind::authentication, *pki::DistinguishedName::parse("CN=fed"), now(), kLater},
      keys.server_key.public_key(), keys.ca, keys.ca_key);
  partner.servers.pop_back();
  partner.servers[0].authentication_certificates = {other};
  store(partner, 6);

  EXPECT_EQ(view()->server_by_auth_certificate(keys.first_auth)->id.code(), "SS1");
  EXPECT_EQ(view()->server_by_auth_certificate(other)->id, server_id("FED/GOV/100/SS1"));
  EXPECT_EQ(view()->server_by_auth_certificate(keys.tsa), nullptr);
  // An own version of 2 looks for SHA-1, which a partner's newer file does not have.
  store(sample_instance("DEV"), 2);
  EXPECT_EQ(view()->version_of("DEV"), 2);
  EXPECT_EQ(view()->server_by_auth_certificate(keys.first_auth)->id.code(), "SS1");
  EXPECT_EQ(view()->server_by_auth_certificate(other), nullptr);
}

TEST_F(Views, APartnerCannotClaimACertificateOfTheOwnInstance) {
  store(sample_instance("AAA"));
  store(sample_instance("ZZZ"));
  EXPECT_EQ(view()->server_by_auth_certificate(sample_pki().first_auth)->id.owner().instance(), "DEV");
}

TEST_F(Views, FindTheIssuersWithTheirProfilesAndResponders) {
  const SamplePki& keys = sample_pki();
  const auto conf = view();
  const pki::ApprovedCa* const top = conf->issuer_of("DEV", keys.first_auth);
  ASSERT_NE(top, nullptr);
  EXPECT_EQ(top->certificate, keys.ca);
  EXPECT_EQ(top->ocsp_urls, std::vector<std::string>{"http://ca.example/ocsp"});
  ASSERT_EQ(top->ocsp_responders.size(), 1U);
  EXPECT_NE(top->profile_class.find("BasicCertificateProfileInfoProvider"), std::string::npos);
  const pki::ApprovedCa* const between = conf->issuer_of("DEV", keys.second_auth);
  ASSERT_NE(between, nullptr);
  EXPECT_EQ(between->certificate, keys.intermediate);
  EXPECT_EQ(conf->issuer_of(keys.second_auth), between);
  EXPECT_EQ(conf->issuer_of("FED", keys.second_auth), nullptr);
  EXPECT_EQ(conf->issuer_of(keys.internal_certificate), nullptr);
  EXPECT_EQ(conf->all_cas().size(), 2U);
  EXPECT_EQ(conf->ocsp_signer_candidates().size(), 3U);
  EXPECT_EQ(conf->ocsp_policy().freshness, std::chrono::seconds(3600));
}

TEST_F(Views, TheChainShownInTlsEndsBeforeTheRoot) {
  const SamplePki& keys = sample_pki();
  EXPECT_EQ(view()->chain_of(keys.first_auth, "DEV"), std::vector<pki::Certificate>{keys.first_auth});
  EXPECT_EQ(view()->chain_of(keys.second_auth, "DEV"),
            (std::vector<pki::Certificate>{keys.second_auth, keys.intermediate}));
  EXPECT_EQ(view()->chain_of(keys.second_auth, "FED"), std::vector<pki::Certificate>{keys.second_auth});
}

TEST_F(Views, AreValidWhileBothOwnPartsAre) {
  EXPECT_TRUE(view()->check_valid(now()));
  EXPECT_EQ(view()->check_valid(kLater + std::chrono::seconds(1)).error().code, "global_conf_outdated");
  EXPECT_EQ(to_iso_seconds(*view()->expires()), to_iso_seconds(kLater));
  std::filesystem::remove(directory.file("DEV", kPrivateParametersFile));
  const auto without = view();
  EXPECT_EQ(without->check_valid(now()).error().code, "global_conf_outdated");
  EXPECT_EQ(without->servers("DEV").size(), 2U) << "what is known stays readable";
  EXPECT_EQ(without->timestamping_interval(), std::chrono::seconds(60));
}

TEST_F(Views, ExpiredOwnDataStayReadableAndExpiredPartnersVanish) {
  const TimePoint past = now() - std::chrono::seconds(10);
  store(sample_instance("DEV"), 6, past);
  store(sample_instance("FED"), 6, past);
  store(sample_instance("GUD"), 6);
  EXPECT_FALSE(view()->check_valid(now()));
  EXPECT_EQ(view()->instances(), (std::vector<std::string>{"DEV", "GUD"}));
}

TEST_F(Views, AFileWithoutMetadataIsOfVersionTwoAndNeverExpires) {
  store(sample_instance("FED"), 2);
  std::filesystem::remove(directory.file("FED", kSharedParametersFile).string() + ".metadata");
  EXPECT_TRUE(view()->has_instance("FED"));
  EXPECT_EQ(view()->version_of("FED"), 2);
}

TEST_F(Views, AnInstanceDoesNotSpeakForAnother) {
  const auto xml = *read_file(directory.file("DEV", kSharedParametersFile));
  store_text("FED", kSharedParametersFile, xml, 6);
  EXPECT_EQ(view()->instances(), std::vector<std::string>{"DEV"});
}

TEST_F(Views, UnreadablePartnersAreLeftOutAndAnUnreadableOwnInstanceIsAFault) {
  store_text("FED", kSharedParametersFile, "<a/>", 6);
  EXPECT_EQ(view()->instances(), std::vector<std::string>{"DEV"});
  store_text("DEV", kSharedParametersFile, "<a/>", 6);
  auto loaded = load_view(folder.path().string());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "malformed_global_conf");
  EXPECT_NE(loaded.error().text.find("DEV/shared-params.xml"), std::string::npos) << loaded.error().text;
}

TEST_F(Views, ACertificateOfACaThatCannotBeReadMakesAnInstanceUnusable) {
  auto description = sample_instance("FED");
  description.certification_services[0].top.certificate = to_bytes("nonsense");
  store(description);
  EXPECT_FALSE(view()->has_instance("FED"));
  description = sample_instance("FED");
  description.certification_services[0].top.ocsp[0].certificate = to_bytes("nonsense");
  store(description);
  EXPECT_TRUE(view()->has_instance("FED")) << "responders are one of many ways";
}

TEST_F(Views, OptionalPartsComeFromTheOwnFolder) {
  EXPECT_FALSE(view()->monitoring_client());
  EXPECT_EQ(view()->ocsp_fetch_interval(), std::chrono::seconds(1200));
  EXPECT_TRUE(view()->ocsp_policy().verify_next_update);
  store_text("DEV", kMonitoringFile, write_monitoring_client(client_id("DEV/GOV/100")), 6);
  store_text("DEV", kFetchIntervalFile, write_ocsp_fetch_interval(std::chrono::seconds(10)), 6);
  store_text("DEV", kNextUpdateFile, write_verify_next_update(false), 6);
  EXPECT_EQ(view()->monitoring_client(), client_id("DEV/GOV/100"));
  EXPECT_EQ(view()->ocsp_fetch_interval(), std::chrono::seconds(60));
  EXPECT_FALSE(view()->ocsp_policy().verify_next_update);
  // One that cannot be read leaves the default.
  store_text("DEV", kFetchIntervalFile, "<a/>", 6);
  EXPECT_EQ(view()->ocsp_fetch_interval(), std::chrono::seconds(1200));
}

TEST(Folders, AreNamedByTheFormEncodingOfUrls) {
  EXPECT_EQ(folder_name("DEV"), "DEV");
  EXPECT_EQ(folder_name("a B*-._"), "a+B*-._");
  EXPECT_EQ(folder_name("õ/~"), "%C3%B5%2F%7E");
  EXPECT_EQ(folder_name(".."), "%2E%2E");
}

TEST(Metadata, IsReadAsJavaWritesItAndRefusedWhenMalformed) {
  auto metadata = read_metadata(
      R"({"contentIdentifier":"SHARED-PARAMETERS","instanceIdentifier":"EE","expirationDate":"2124-05-20T17:42:55Z", "configurationVersion": "3"})");
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->version_number(), 3);
  EXPECT_FALSE(metadata->expired(now()));
  EXPECT_EQ(read_metadata("{}")->version_number(), 2);
  EXPECT_FALSE(read_metadata("{}")->expires);
  EXPECT_TRUE(read_metadata(R"({"unknown":1,"contentLocation":null})"));
  EXPECT_EQ(read_metadata(R"({"configurationVersion":"9"})")->version_number(), 0);
  for (const char* bad : {"", "[]", "{", R"({"expirationDate":"soon"})", R"({"configurationVersion":3})"})
    EXPECT_FALSE(read_metadata(bad)) << bad;
}

TEST_F(Views, KnowTheTimestampAuthoritiesOfAllInstances) {
  EXPECT_EQ(timestamp_authorities(*view()), std::vector{sample_pki().tsa});
  InstanceDescription partner = sample_instance("FED");
  store(partner);
  EXPECT_EQ(timestamp_authorities(*view()), (std::vector{sample_pki().tsa, sample_pki().tsa}));
  EXPECT_TRUE(timestamp_authorities(*empty_view()).empty());
}

}  // namespace
}  // namespace causeway::globalconf
