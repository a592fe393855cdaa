// SPDX-License-Identifier: MIT
// Certification services with their CAs and OCSP responders, time-stamping services, anchors
// and optional parts.
#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/timestamping_services.hpp"
#include "centralserver/registry/trusted_anchors.hpp"
#include "globalconf/optional_parts.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

using globalconf::CostType;
using globalconf::CsrFormat;

const std::string kProfile = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";
constexpr std::int64_t kUnknown = 4711;

class TrustServicesTest : public RegistryTest {
 protected:
  template <class Operation>
  std::int64_t number_of(Operation operation) {
    std::int64_t number = 0;
    EXPECT_EQ(in_change([&](Change& change) {
                auto added = operation(change);
                if (added) number = *added;
                return added;
              }),
              kDone);
    return number;
  }
  std::int64_t add_service() {
    CertificationSettings settings;
    settings.profile_class = kProfile;
    return number_of([&](Change& change) {
      return add_certification_service(change, settings, to_bytes(sample_pki().ca.to_pem()));
    });
  }
};
CAUSEWAY_ON_BOTH_ENGINES(TrustServicesTest);

TEST_P(TrustServicesTest, ACertificationServiceIsCalledAsItsCa) {
  const auto number = add_service();
  const auto service = certification_service(registry, number);
  ASSERT_TRUE(service) << service.error().text;
  EXPECT_EQ(service->name, "Root");
  EXPECT_EQ(service->top.certificate, sample_pki().ca);
  EXPECT_EQ(service->settings.profile_class, kProfile);
  EXPECT_FALSE(service->settings.tls_only);
  EXPECT_FALSE(service->settings.default_csr_format);
  EXPECT_EQ(code_of(certification_service(registry, kUnknown)), "certification_service_not_found");
}

TEST_P(TrustServicesTest, RefusesACertificationServiceThatServersCouldNotUse) {
  const auto refusal = [&](auto amend) {
    CertificationSettings settings;
    settings.profile_class = kProfile;
    Bytes certificate = sample_pki().ca.der();
    amend(settings, certificate);
    return in_change([&](Change& change) { return add_certification_service(change, settings, certificate); });
  };
  EXPECT_EQ(refusal([](auto& settings, auto&) { settings.profile_class = "java.lang.String"; }),
            "certificate_profile_info_class_not_found");
  EXPECT_EQ(refusal([](auto&, auto& certificate) { certificate = {1, 2, 3}; }), "invalid_certificate");
  EXPECT_EQ(refusal([](auto& settings, auto&) { settings.acme_directory_url = "ca"; }), "invalid_url");
  EXPECT_EQ(refusal([](auto& settings, auto&) { settings.acme_ip_addresses = "1.2.3"; }), "invalid_ip_address");
  EXPECT_EQ(refusal([](auto& settings, auto&) { settings.acme_signing_profile = "a\x01"; }), "validation_failure");
  EXPECT_TRUE(certification_services(registry)->empty());
}

TEST_P(TrustServicesTest, SettingsOfACertificationServiceChange) {
  const auto number = add_service();
  CertificationSettings settings;
  settings.profile_class = kProfile;
  settings.tls_only = true;
  settings.default_csr_format = CsrFormat::pem;
  settings.acme_directory_url = "https://ca.example.org/acme";
  settings.acme_ip_addresses = "10.0.0.1, 10.0.0.2";
  EXPECT_EQ(in_change([&](Change& change) { return update_certification_service(change, number, settings); }), kDone);
  const auto service = certification_service(registry, number);
  EXPECT_TRUE(service->settings.tls_only);
  EXPECT_EQ(service->settings.default_csr_format, CsrFormat::pem);
  EXPECT_EQ(service->settings.acme_ip_addresses, "10.0.0.1, 10.0.0.2");
  EXPECT_EQ(latest_history().size(), 4U);
  EXPECT_EQ(in_change([&](Change& change) { return update_certification_service(change, kUnknown, settings); }),
            "certification_service_not_found");
}

TEST_P(TrustServicesTest, OcspRespondersBelongToACa) {
  const auto service = add_service();
  const auto intermediate =
      number_of([&](Change& change) { return add_intermediate_ca(change, service, sample_pki().intermediate.der()); });
  const NewOcspResponder with{"http://ca.example.org/ocsp", sample_pki().ocsp_signer.der(), CostType::free};
  const auto first = number_of([&](Change& change) { return add_ocsp_responder(change, service, with); });
  const auto second = number_of([&](Change& change) {
    return add_intermediate_ocsp_responder(change, intermediate, {"http://ca.example.org/2", {}, CostType::paid});
  });
  EXPECT_EQ(in_change([&](Change& change) {
              return add_ocsp_responder(change, service, {"gopher://x", {}, CostType::free});
            }),
            "invalid_url");
  EXPECT_EQ(in_change([&](Change& change) {
              return add_ocsp_responder(change, service, {"http://x", Bytes{1}, CostType::free});
            }),
            "invalid_certificate");
  EXPECT_EQ(in_change([&](Change& change) { return add_ocsp_responder(change, kUnknown, with); }),
            "certification_service_not_found");
  EXPECT_EQ(in_change([&](Change& change) { return add_intermediate_ocsp_responder(change, kUnknown, with); }),
            "intermediate_ca_not_found");

  const auto stored = certification_service(registry, service);
  ASSERT_EQ(stored->top.ocsp_responders.size(), 1U);
  EXPECT_EQ(stored->top.ocsp_responders[0].certificate, sample_pki().ocsp_signer.der());
  ASSERT_EQ(stored->intermediates.size(), 1U);
  ASSERT_EQ(stored->intermediates[0].ocsp_responders.size(), 1U);
  EXPECT_EQ(stored->intermediates[0].ocsp_responders[0].cost, CostType::paid);
  EXPECT_EQ(stored->intermediates[0].ocsp_responders[0].certificate, std::nullopt);

  const auto amend = [&](std::int64_t number, const OcspResponderUpdate& update) {
    return in_change([&](Change& change) { return update_ocsp_responder(change, number, update); });
  };
  EXPECT_EQ(amend(second, {"https://ca.example.org/3", sample_pki().ocsp_signer.der(), CostType::undefined}), kDone);
  EXPECT_EQ(ocsp_responder(registry, second)->url, "https://ca.example.org/3");
  EXPECT_EQ(ocsp_responder(registry, second)->cost, CostType::undefined);
  EXPECT_EQ(amend(first, {"x", {}, {}}), "invalid_url");
  EXPECT_EQ(amend(kUnknown, {}), "ocsp_responder_not_found");
  EXPECT_EQ(in_change([&](Change& change) { return delete_intermediate_ocsp_responder(change, intermediate, first); }),
            "ocsp_responder_not_found")
      << "it is that of the other CA";
  EXPECT_EQ(in_change([&](Change& change) { return delete_intermediate_ocsp_responder(change, intermediate, second); }),
            kDone);
  EXPECT_EQ(in_change([&](Change& change) { return delete_ocsp_responder(change, first); }), kDone);
  EXPECT_EQ(code_of(ocsp_responder(registry, first)), "ocsp_responder_not_found");
}

TEST_P(TrustServicesTest, ServicesAndIntermediateCasGoWithWhatTheyHave) {
  const auto service = add_service();
  const auto add = [&] {
    return number_of(
        [&](Change& change) { return add_intermediate_ca(change, service, sample_pki().intermediate.der()); });
  };
  const auto first = add();
  const auto responder = number_of([&](Change& change) {
    return add_intermediate_ocsp_responder(change, first, {"http://ca.example.org/2", {}, CostType::paid});
  });
  EXPECT_EQ(in_change([&](Change& change) { return delete_intermediate_ca(change, first); }), kDone);
  EXPECT_EQ(code_of(ocsp_responder(registry, responder)), "ocsp_responder_not_found");
  EXPECT_EQ(in_change([&](Change& change) { return delete_intermediate_ca(change, first); }),
            "intermediate_ca_not_found");
  const auto top = certification_service(registry, service)->top.number;
  EXPECT_EQ(in_change([&](Change& change) { return delete_intermediate_ca(change, top); }), "intermediate_ca_not_found")
      << "it is the service's own";
  const auto second = add();
  EXPECT_EQ(in_change([&](Change& change) { return add_intermediate_ca(change, service, Bytes{1}); }),
            "invalid_certificate");
  EXPECT_EQ(in_change([&](Change& change) { return delete_certification_service(change, service); }), kDone);
  EXPECT_EQ(code_of(intermediate_ca(registry, second)), "intermediate_ca_not_found");
  EXPECT_EQ(in_change([&](Change& change) { return delete_certification_service(change, service); }),
            "certification_service_not_found");
  EXPECT_EQ(
      in_change([&](Change& change) { return add_intermediate_ca(change, service, sample_pki().intermediate.der()); }),
      "certification_service_not_found");
}

TEST_P(TrustServicesTest, TimestampingServicesAreKept) {
  const Bytes tsa = sample_pki().tsa.der();
  const auto number = number_of(
      [&](Change& change) { return add_timestamping_service(change, "http://tsa.example.org", tsa, CostType::free); });
  const auto service = timestamping_service(registry, number);
  EXPECT_EQ(service->name, "TSA");
  EXPECT_EQ(service->certificate, sample_pki().tsa);
  const auto update = [&](std::int64_t which, const std::string& url, const std::optional<Bytes>& certificate) {
    return in_change(
        [&](Change& change) { return update_timestamping_service(change, which, url, certificate, CostType::paid); });
  };
  EXPECT_EQ(update(number, "https://tsa.example.org", {}), kDone);
  EXPECT_EQ(timestamping_service(registry, number)->url, "https://tsa.example.org");
  EXPECT_EQ(timestamping_service(registry, number)->cost, CostType::paid);
  EXPECT_EQ(timestamping_service(registry, number)->certificate, sample_pki().tsa);
  EXPECT_EQ(update(number, "tsa", {}), "invalid_url");
  EXPECT_EQ(update(number, "https://tsa.example.org", Bytes{1}), "invalid_certificate");
  EXPECT_EQ(update(kUnknown, "https://tsa.example.org", {}), "timestamping_authority_not_found");
  EXPECT_EQ(in_change([&](Change& change) { return add_timestamping_service(change, "", tsa, CostType::free); }),
            "invalid_url");
  EXPECT_EQ(in_change([&](Change& change) { return delete_timestamping_service(change, number); }), kDone);
  EXPECT_EQ(in_change([&](Change& change) { return delete_timestamping_service(change, number); }),
            "timestamping_authority_not_found");
}

TEST_P(TrustServicesTest, AnAnchorStandsForOneInstance) {
  globalconf::Anchor anchor{globalconf::time_of("2026-03-01T10:00:00Z"),
                            "FED",
                            {{"http://cs.fed/externalconf", {sample_pki().external_certificate.der()}}}};
  const auto add = [&](const std::string& document) {
    return in_change([&](Change& change) { return add_trusted_anchor(change, document); });
  };
  const std::string first = globalconf::write_anchor(anchor);
  EXPECT_EQ(add(first), kDone);
  EXPECT_EQ(trusted_anchor(registry, globalconf::anchor_hash(first))->document, first);
  anchor.sources[0].download_url = "http://cs2.fed/externalconf";
  const std::string second = globalconf::write_anchor(anchor);
  EXPECT_EQ(add(second), kDone) << "in place of the first";
  ASSERT_EQ(trusted_anchors(registry)->size(), 1U);
  EXPECT_EQ(trusted_anchors(registry)->front().anchor.sources[0].download_url, "http://cs2.fed/externalconf");
  EXPECT_EQ(latest_history(), std::vector<std::string>{"changed trusted anchor FED hash"});
  EXPECT_EQ(code_of(trusted_anchor(registry, globalconf::anchor_hash(first))), "trusted_anchor_not_found");

  EXPECT_EQ(add("<anchor/>"), "malformed_anchor");
  EXPECT_EQ(add(""), "malformed_anchor");
  anchor.instance = "F/D";
  EXPECT_EQ(add(globalconf::write_anchor(anchor)), "malformed_anchor");
  anchor.instance = "FED";
  anchor.generated_at.reset();
  EXPECT_EQ(add(globalconf::write_anchor(anchor)), "malformed_anchor");
  const auto erase = [&] {
    return in_change([&](Change& change) { return delete_trusted_anchor(change, globalconf::anchor_hash(second)); });
  };
  EXPECT_EQ(erase(), kDone);
  EXPECT_EQ(erase(), "trusted_anchor_not_found");
}

TEST_P(TrustServicesTest, OptionalPartsAreThoseThatServersRead) {
  const auto put = [&](const std::string& identifier, const std::string& content) {
    return in_change([&](Change& change) { return store_configuration_part(change, identifier, content); });
  };
  const std::string interval = globalconf::write_ocsp_fetch_interval(std::chrono::seconds(300));
  EXPECT_EQ(put("FETCHINTERVAL", interval), kDone);
  EXPECT_EQ(put("FETCHINTERVAL", globalconf::write_ocsp_fetch_interval(std::chrono::seconds(600))), kDone);
  EXPECT_EQ(latest_history(), std::vector<std::string>{"changed configuration part FETCHINTERVAL SHA-256"});
  EXPECT_EQ(put("NEXTUPDATE", interval), "configuration_part_validation_failed");
  EXPECT_EQ(put("MONITORING", "<a>"), "configuration_part_validation_failed");
  EXPECT_EQ(put("SHARED-PARAMETERS", interval), "malformed_optional_parts_conf");
  EXPECT_EQ(configuration_parts(registry)->size(), 1U);
  EXPECT_NE(configuration_part(registry, "FETCHINTERVAL")->content.find("600"), std::string::npos);
  EXPECT_EQ(code_of(configuration_part(registry, "NEXTUPDATE")), "configuration_part_file_not_found");
}

}  // namespace
}  // namespace causeway::centralserver
