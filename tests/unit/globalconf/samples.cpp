// SPDX-License-Identifier: MIT
#include "unit/globalconf/samples.hpp"

#include "pki/certificate_builder.hpp"

namespace causeway::globalconf {
namespace {

pki::PrivateKey ec_key() { return *pki::PrivateKey::generate_ec(); }

pki::CertificateSpec spec(pki::CertificateKind kind, const std::string& name) {
  return {kind, *pki::DistinguishedName::parse("C=FI, O=Test, CN=" + name), time_of("2020-01-01T00:00:00Z"),
          time_of("2040-01-01T00:00:00Z")};
}

}  // namespace

SamplePki::SamplePki()
    : internal_key(ec_key()),
      external_key(*pki::PrivateKey::generate_rsa(2048)),
      ca_key(ec_key()),
      intermediate_key(ec_key()),
      server_key(ec_key()),
      internal_certificate(*make_source_certificate(internal_key, "internalSigningKey")),
      external_certificate(*make_source_certificate(external_key, "externalSigningKey")),
      ca(*pki::self_sign_certificate(spec(pki::CertificateKind::root_ca, "Root"), ca_key)),
      intermediate(*pki::issue_certificate(spec(pki::CertificateKind::intermediate_ca, "Intermediate"),
                                           intermediate_key.public_key(), ca, ca_key)),
      ocsp_signer(*pki::issue_certificate(spec(pki::CertificateKind::ocsp_signer, "OCSP"), server_key.public_key(), ca,
                                          ca_key)),
      tsa(*pki::issue_certificate(spec(pki::CertificateKind::time_stamping, "TSA"), server_key.public_key(), ca,
                                  ca_key)),
      first_auth(*pki::issue_certificate(spec(pki::CertificateKind::authentication, "ss1"), server_key.public_key(), ca,
                                         ca_key)),
      second_auth(*pki::issue_certificate(spec(pki::CertificateKind::authentication, "ss2"), server_key.public_key(),
                                          intermediate, intermediate_key)) {}

const SamplePki& sample_pki() {
  static const SamplePki pki;
  return pki;
}

InstanceDescription sample_instance(const std::string& instance) {
  const SamplePki& keys = sample_pki();
  InstanceDescription out;
  out.instance = instance;
  out.member_classes = {{"GOV", "Government & public <sector>"}, {"COM", "Commercial"}};
  out.members = {{{"GOV", ""}, "100", "Agency \"A\"", {{"MGMT", {}}, {"registry", "Population registry"}}},
                 {{"COM", ""}, "200", "Öko & Söhne", {{"client", {}}}}};
  out.servers = {{server_id(instance + "/GOV/100/SS1"),
                  "127.0.0.2",
                  {keys.first_auth},
                  {client_id(instance + "/GOV/100/MGMT"), client_id(instance + "/GOV/100/registry")},
                  {}},
                 {server_id(instance + "/COM/200/SS2"),
                  "127.0.0.3",
                  {keys.second_auth},
                  {client_id(instance + "/COM/200/client"), client_id(instance + "/GOV/100/registry"),
                   client_id(instance + "/GOV/100")},
                  Maintenance{"back on Monday"}}};
  out.global_groups = {{"security-server-owners", "Owners", {client_id(instance + "/GOV/100")}},
                       {"readers", "Readers", {client_id(instance + "/COM/200/client")}}};
  CertificationService service;
  service.name = "Test CA";
  service.authentication_only = false;
  service.top = {keys.ca.der(), {{"http://ca.example/ocsp", keys.ocsp_signer.der(), CostType::free}}};
  // As real configurations have it: PEM text inside the Base64.
  service.intermediates = {{to_bytes(keys.intermediate.to_pem()), {{"http://ca.example/ocsp2", {}, CostType::paid}}}};
  service.profile_class = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";
  service.default_csr_format = CsrFormat::der;
  service.acme = AcmeServer{"http://ca.example/acme", "127.0.0.1,127.0.0.2", "auth", "sign"};
  out.certification_services = {service};
  out.timestamping_services = {{"Test TSA", "http://tsa.example", keys.tsa.der(), CostType::undefined}};
  out.management = ManagementService{"https://cs.example:4001/managementservice/", keys.first_auth.der(),
                                     client_id(instance + "/GOV/100/MGMT")};
  out.timestamping_interval = std::chrono::seconds(90);
  out.monitoring_client = std::optional(client_id(instance + "/GOV/100"));
  out.ocsp_fetch_interval = std::chrono::seconds(300);
  out.verify_next_update = false;
  return out;
}

}  // namespace causeway::globalconf
