// SPDX-License-Identifier: MIT
#include "unit/country/sample_country.hpp"

#include "country/country_writer.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/optional_parts.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::country {

using globalconf::sample_pki;

const std::string& sample_anchor() {
  static const std::string document =
      globalconf::write_anchor({.generated_at = globalconf::time_of("2026-03-02T09:30:00Z"),
                                .instance = "EY",
                                .sources = {{.download_url = "http://cs.example.net/externalconf",
                                             .verification_certificates = {sample_pki().external_certificate.der()}}}});
  return document;
}

Country sample_country() {
  Country country;
  country.instance = "EX";
  country.central_server_address = "cs.example.org";
  country.member_classes = {{"COM", "Companies"}, {"GOV", "Government"}};
  country.members = {{client("GOV/1234"), {"Ministry: of \"Examples\"", {{"management", "Services"}, {"tax", ""}}}}};
  country.members->emplace(client("COM/b%3F1"), Member{"Företag", {}});
  country.global_groups = {{"auditors", {"May read everything", {client("GOV/1234"), client("GOV/1234/tax")}}},
                           {"nobody", {"Empty", {}}}};
  country.management_service_provider = client("GOV/1234/management");
  const auto ocsp = NamedCertificate::of(sample_pki().ocsp_signer);
  CertificationService service{
      .top = {.certificate = NamedCertificate::of(sample_pki().ca),
              .ocsp_responders = {{.url = "http://ocsp.example.org/", .cost = "FREE", .certificate = ocsp},
                                  {.url = "http://ocsp2.example.org/", .cost = "PAID"}}},
      .settings = {.profile = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider",
                   .authentication_only = true,
                   .csr_format = "DER",
                   .acme_directory_url = "https://acme.example.org/directory",
                   .acme_ip_addresses = "10.0.0.1, 10.0.0.2",
                   .acme_authentication_profile = "auth",
                   .acme_signing_profile = "sign"}};
  service.intermediates = {{.certificate = NamedCertificate::of(sample_pki().intermediate),
                            .ocsp_responders = {{.url = "http://ocsp3.example.org/"}}}};
  country.certification_services = {service};
  country.timestamping_services = {
      {.url = "http://tsa.example.org/", .cost = "PAID", .certificate = NamedCertificate::of(sample_pki().tsa)}};
  country.trusted_anchors = {{"EY", {globalconf::anchor_hash(sample_anchor()), sample_anchor()}}};
  country.configuration_parts.emplace().emplace(globalconf::kFetchIntervalId,
                                                globalconf::write_ocsp_fetch_interval(std::chrono::seconds(1200)));
  return country;
}

Result<Country> read_again(const Country& country) {
  const WrittenCountry written = write_country(country, {});
  return read_country(written.yaml, "country.yaml", [&](const std::string& path) -> Result<std::string> {
    const auto found = written.attached.find(path);
    if (found == written.attached.end()) return Fault{"io_error", path + " is not there"};
    return found->second;
  });
}

}  // namespace causeway::country
