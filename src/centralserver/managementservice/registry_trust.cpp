// SPDX-License-Identifier: MIT
#include "centralserver/managementservice/registry_trust.hpp"

#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "globalconf/optional_parts.hpp"

namespace causeway::centralserver {
namespace {

pki::ApprovedCa approved(const CertificateAuthority& ca, const CertificationSettings& settings) {
  pki::ApprovedCa out{
      .certificate = ca.certificate, .profile_class = settings.profile_class, .authentication_only = settings.tls_only};
  for (const RegisteredOcspResponder& responder : ca.ocsp_responders) {
    out.ocsp_urls.push_back(responder.url);
    // It was read when it was stored.
    auto certificate = pki::Certificate::from_der(responder.certificate.value_or(Bytes()));
    if (certificate) out.ocsp_responders.push_back(*std::move(certificate));
  }
  return out;
}

}  // namespace

Result<RegistryTrust> RegistryTrust::read(const Registry& registry) {
  const auto snapshot = RegistrySnapshot::take(registry);
  if (!snapshot) return snapshot.error();
  RegistryTrust out;
  auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  out.instance_ = *std::move(instance);
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  out.policy_.freshness = parameters->ocsp_freshness;
  auto service = management_service(registry);
  if (!service) return service.error();
  out.provider_ = std::move(service->provider);
  auto services = certification_services(registry);
  if (!services) return services.error();
  for (const RegisteredCertificationService& each : *services) {
    out.cas_.push_back(approved(each.top, each.settings));
    for (const CertificateAuthority& ca : each.intermediates) out.cas_.push_back(approved(ca, each.settings));
  }
  auto parts = configuration_parts(registry);
  if (!parts) return parts.error();
  for (const ConfigurationPart& part : *parts) {
    if (part.content_identifier != globalconf::kNextUpdateId) continue;
    auto verify = globalconf::read_verify_next_update(part.content);
    if (!verify) return verify.error();
    out.policy_.verify_next_update = *verify;
  }
  return out;
}

const pki::ApprovedCa* RegistryTrust::issuer_of(std::string_view instance, const pki::Certificate& certificate) const {
  return instance == instance_ ? issuer_of(certificate) : nullptr;
}

const pki::ApprovedCa* RegistryTrust::issuer_of(const pki::Certificate& certificate) const {
  for (const pki::ApprovedCa& ca : cas_)
    if (ca.certificate.subject_key() == certificate.issuer_key()) return &ca;
  return nullptr;
}

std::vector<pki::Certificate> RegistryTrust::ocsp_signer_candidates() const {
  std::vector<pki::Certificate> all;
  for (const pki::ApprovedCa& ca : cas_) all.insert(all.end(), ca.ocsp_responders.begin(), ca.ocsp_responders.end());
  for (const pki::ApprovedCa& ca : cas_) all.push_back(ca.certificate);
  return all;
}

}  // namespace causeway::centralserver
