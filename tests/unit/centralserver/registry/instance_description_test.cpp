// SPDX-License-Identifier: MIT
// From the registry to what a Security Server reads: filled by the registry's operations,
// generated and signed, downloaded by the configuration client.
#include "centralserver/registry/instance_description.hpp"

#include "base/files.hpp"
#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "centralserver/registry/timestamping_services.hpp"
#include "centralserver/registry/trusted_anchors.hpp"
#include "globalconf/configuration_client.hpp"
#include "globalconf/optional_parts.hpp"
#include "globalconf/view.hpp"
#include "support/run_task.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"
#include "unit/globalconf/published_site.hpp"

namespace causeway::centralserver {
namespace {

using globalconf::CostType;

const TimePoint kStart = now();

class InstanceDescriptionTest : public RegistryTest {
 protected:
  const ServerId ss1 = server_id("DEV/GOV/100/SS1"), ss2 = server_id("DEV/COM/200/SS2");
  const ClientId agency = client_id("DEV/GOV/100"), mgmt = client_id("DEV/GOV/100/MGMT"),
                 office = client_id("DEV/GOV/100/registry"), client = client_id("DEV/COM/200/client");

  template <class Operation>
  void expect_done(Operation operation) {
    EXPECT_EQ(in_change(operation), kDone);
  }

  void fill_servers() {
    const auto& pki = sample_pki();
    expect_done([&](Change& change) { return set_management_service_provider(change, mgmt); });
    expect_done([&](Change& change) { return register_management_service_provider(change, ss1); });
    expect_done([&](Change& change) { return register_client(change, ss1, office, "Population registry"); });
    expect_done([&](Change& change) { return register_client(change, ss2, client); });
    expect_done([&](Change& change) { return register_client(change, ss2, office); });
    expect_done([&](Change& change) { return register_client(change, ss2, agency); });
    expect_done([&](Change& change) { return enable_client(change, ss2, office, false); });
    expect_done([&](Change& change) { return begin_maintenance(change, ss2, "back on Monday"); });
    expect_done([&](Change& change) { return add_authentication_certificate(change, ss1, pki.first_auth.der()); });
    expect_done([&](Change& change) { return add_authentication_certificate(change, ss2, pki.second_auth.der()); });
    expect_done([&](Change& change) { return add_global_group(change, {"readers", "Who may read"}); });
    expect_done([&](Change& change) { return add_global_group_members(change, "readers", {client, agency}); });
  }

  void fill_trust() {
    const auto& pki = sample_pki();
    CertificationSettings settings;
    settings.profile_class = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";
    settings.default_csr_format = globalconf::CsrFormat::der;
    settings.acme_directory_url = "https://ca.example.org/acme";
    settings.acme_ip_addresses = "127.0.0.1";
    settings.acme_signing_profile = "sign";
    std::int64_t service = 0, intermediate = 0;
    expect_done([&](Change& change) -> Result<void> {
      auto number = add_certification_service(change, settings, pki.ca.der());
      if (!number) return number.error();
      service = *number;
      auto second = add_intermediate_ca(change, service, pki.intermediate.der());
      if (!second) return second.error();
      intermediate = *second;
      return {};
    });
    expect_done([&](Change& change) {
      return add_ocsp_responder(change, service, {"http://ca.example.org/ocsp", pki.ocsp_signer.der(), CostType::free});
    });
    expect_done([&](Change& change) {
      return add_intermediate_ocsp_responder(change, intermediate, {"http://ca.example.org/2", {}, CostType::paid});
    });
    expect_done([&](Change& change) {
      return add_timestamping_service(change, "http://tsa.example.org", pki.tsa.der(), CostType::paid);
    });
  }

  void fill_settings() {
    expect_done([&](Change& change) { return set_system_parameter(change, "ocspFreshnessSeconds", "1200"); });
    expect_done([&](Change& change) { return set_system_parameter(change, "timeStampingIntervalSeconds", "90"); });
    expect_done([&](Change& change) {
      return store_configuration_part(change, "MONITORING", globalconf::write_monitoring_client(agency));
    });
    expect_done([&](Change& change) {
      return store_configuration_part(change, "FETCHINTERVAL",
                                      globalconf::write_ocsp_fetch_interval(std::chrono::seconds(300)));
    });
    expect_done([&](Change& change) {
      return store_configuration_part(change, "NEXTUPDATE", globalconf::write_verify_next_update(false));
    });
    const globalconf::Anchor partner{
        kStart, "FED", {{"http://cs.fed/externalconf", {sample_pki().external_certificate.der()}}}};
    expect_done([&](Change& change) { return add_trusted_anchor(change, globalconf::write_anchor(partner)); });
  }

  // Publishes what is in the registry, in `version` and newer, and downloads
  // it as a Security Server does; it is in `folder` then.
  void publish_and_download(const testing::TemporaryDirectory& folder, int version = globalconf::kNewestVersion) {
    const auto description = describe_instance(registry, sample_pki().first_auth.der(), 14001);
    ASSERT_TRUE(description) << description.error().text;
    globalconf::Site site("DEV", node_addresses(registry)->at(0).address, version);
    const auto published = site.publisher.publish(*description, kStart);
    ASSERT_TRUE(published) << published.error().text;
    globalconf::SiteFetcher fetcher;
    fetcher.add(site);
    ASSERT_TRUE(write_file_atomically(folder.path() / "anchor.xml",
                                      globalconf::write_anchor(site.publisher.internal_anchor())));
    globalconf::ConfigurationClientOptions options;
    options.anchor_file = folder.path() / "anchor.xml";
    options.directory = folder.path() / "globalconf";
    options.fixed_version = version;
    globalconf::ConfigurationClient downloader(options, fetcher);
    const auto report = testing::run_task(downloader.run_cycle(kStart));
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->own.version, version);
  }
  globalconf::SharedParameters shared(const testing::TemporaryDirectory& folder, int version) {
    const auto text = read_file(folder.path() / "globalconf/DEV/shared-params.xml");
    auto parameters = globalconf::read_shared_parameters(text ? *text : "", version);
    EXPECT_TRUE(parameters) << parameters.error().text;
    return parameters ? *parameters : globalconf::SharedParameters();
  }
};
CAUSEWAY_ON_BOTH_ENGINES(InstanceDescriptionTest);

TEST_P(InstanceDescriptionTest, ASecurityServerReadsTheMembersServersAndGroups) {
  fill();
  fill_servers();
  const testing::TemporaryDirectory folder;
  publish_and_download(folder);
  const auto parameters = shared(folder, globalconf::kNewestVersion);
  EXPECT_EQ(parameters.instance, "DEV");
  ASSERT_EQ(parameters.member_classes.size(), 2U);
  EXPECT_EQ(parameters.member_classes[0].description, "Some class");
  ASSERT_EQ(parameters.members.size(), 2U);
  EXPECT_EQ(parameters.members[0].name, "Öko & Söhne");
  ASSERT_EQ(parameters.members[0].subsystems.size(), 2U);
  EXPECT_EQ(parameters.members[0].subsystems[0].name, std::nullopt);
  EXPECT_EQ(parameters.members[0].subsystems[1].name, "Population registry");
  ASSERT_EQ(parameters.servers.size(), 2U);
  EXPECT_EQ(parameters.id_of(parameters.servers[0]), ss1);
  EXPECT_EQ(parameters.servers[1].maintenance->message, "back on Monday");

  const auto view = globalconf::load_view((folder.path() / "globalconf").string());
  ASSERT_TRUE(view) << view.error().text;
  EXPECT_TRUE((*view)->check_valid(kStart));
  const auto* first = (*view)->server(ss1);
  const auto* second = (*view)->server(ss2);
  ASSERT_TRUE(first && second);
  EXPECT_EQ((*view)->server_by_auth_certificate(sample_pki().first_auth), first);
  EXPECT_TRUE((*view)->serves(*first, office));
  EXPECT_TRUE((*view)->serves(*second, client));
  EXPECT_TRUE((*view)->serves(*second, agency));
  EXPECT_FALSE((*view)->serves(*second, office)) << "it is disabled there";
  EXPECT_TRUE((*view)->in_global_group({"DEV", "readers"}, client));
  EXPECT_FALSE((*view)->in_global_group({"DEV", "readers"}, office));
  EXPECT_TRUE((*view)->in_global_group({"DEV", "security-server-owners"}, agency));
}

TEST_P(InstanceDescriptionTest, ASecurityServerReadsWhomToTrustAndHow) {
  fill();
  fill_servers();
  fill_trust();
  fill_settings();
  const testing::TemporaryDirectory folder;
  publish_and_download(folder);
  const auto& pki = sample_pki();
  const auto parameters = shared(folder, globalconf::kNewestVersion);
  EXPECT_EQ(parameters.ocsp_freshness, std::chrono::seconds(1200));
  ASSERT_EQ(parameters.certification_services.size(), 1U);
  const auto& service = parameters.certification_services[0];
  EXPECT_EQ(service.name, "Root");
  EXPECT_EQ(service.authentication_only, false);
  EXPECT_EQ(service.top.certificate, pki.ca.der());
  ASSERT_EQ(service.top.ocsp.size(), 1U);
  EXPECT_EQ(service.top.ocsp[0].certificate, pki.ocsp_signer.der());
  EXPECT_EQ(service.top.ocsp[0].cost, CostType::free);
  ASSERT_EQ(service.intermediates.size(), 1U);
  EXPECT_EQ(service.intermediates[0].certificate, pki.intermediate.der());
  EXPECT_EQ(service.intermediates[0].ocsp.at(0).url, "http://ca.example.org/2");
  EXPECT_EQ(service.default_csr_format, globalconf::CsrFormat::der);
  ASSERT_TRUE(service.acme);
  EXPECT_EQ(service.acme->directory_url, "https://ca.example.org/acme");
  EXPECT_EQ(service.acme->authentication_profile_id, std::nullopt);
  EXPECT_EQ(service.acme->signing_profile_id, "sign");
  ASSERT_EQ(parameters.timestamping_services.size(), 1U);
  EXPECT_EQ(parameters.timestamping_services[0].name, "TSA");
  EXPECT_EQ(parameters.timestamping_services[0].cost, CostType::paid);

  const auto view = globalconf::load_view((folder.path() / "globalconf").string());
  ASSERT_TRUE(view) << view.error().text;
  const auto* own = (*view)->private_parameters();
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->management.provider, mgmt);
  EXPECT_EQ(own->management.registration_address, "https://cs.example.org:14001/managementservice/");
  EXPECT_EQ(own->management.registration_tls_cert, pki.first_auth.der());
  ASSERT_EQ(own->partners.size(), 1U);
  EXPECT_EQ(own->partners[0].instance, "FED");
  EXPECT_EQ((*view)->timestamping_interval(), std::chrono::seconds(90));
  EXPECT_EQ((*view)->monitoring_client(), agency);
  EXPECT_EQ((*view)->ocsp_fetch_interval(), std::chrono::seconds(300));
  EXPECT_FALSE((*view)->ocsp_policy().verify_next_update);
}

TEST_P(InstanceDescriptionTest, EveryVersionCanBeGenerated) {
  fill();
  fill_servers();
  fill_trust();
  fill_settings();
  for (int version = globalconf::kOldestVersion; version <= globalconf::kNewestVersion; ++version) {
    const testing::TemporaryDirectory folder;
    publish_and_download(folder, version);
    EXPECT_EQ(shared(folder, version).members.size(), 2U) << version;
  }
}

TEST_P(InstanceDescriptionTest, SaysWhatIsMissing) {
  EXPECT_EQ(code_of(describe_instance(registry)), "instance_identifier_not_set");
  fill();
  EXPECT_EQ(code_of(describe_instance(registry)), "management_service_provider_not_set");
  expect_done([&](Change& change) { return set_management_service_provider(change, mgmt); });
  EXPECT_EQ(code_of(describe_instance(registry)), kDone);
  expect_done([&](Change& change) { return delete_subsystem(change, mgmt); });
  EXPECT_EQ(code_of(describe_instance(registry)), "subsystem_not_found");
}

TEST_P(InstanceDescriptionTest, ANodeWithoutAnAddressHasNoRegistrations) {
  fill();
  expect_done([&](Change& change) { return set_management_service_provider(change, mgmt); });
  auto second = Registry::open(open(), "node_1");
  ASSERT_TRUE(second);
  EXPECT_EQ(code_of(describe_instance(*second)), "invalid_url");
}

TEST_P(InstanceDescriptionTest, IsOfOneMoment) {
  fill();
  auto other = Registry::open(open(), "node_1");
  ASSERT_TRUE(other);
  {
    auto snapshot = RegistrySnapshot::take(*other);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(members(*other)->size(), 2U);
    expect_done([&](Change& change) { return add_member(change, client_id("DEV/GOV/300"), "Late"); });
    EXPECT_EQ(members(*other)->size(), 2U);
  }
  EXPECT_EQ(members(*other)->size(), 3U);
}

}  // namespace
}  // namespace causeway::centralserver
