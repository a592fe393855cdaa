// SPDX-License-Identifier: MIT
#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/requests/registrations.hpp"
#include "centralserver/requests/request_rows.hpp"

namespace causeway::centralserver {
namespace {

Fault bad_certificate(std::string why) {
  return fault(RegistryFault::management_request_invalid_auth_certificate, std::move(why));
}

Result<bool> is_issued_by_an_approved_ca(const Registry& registry, const pki::Certificate& certificate) {
  auto services = certification_services(registry);
  if (!services) return services.error();
  for (const RegisteredCertificationService& service : *services) {
    if (certificate.issued_by(service.top.certificate)) return true;
    for (const CertificateAuthority& intermediate : service.intermediates)
      if (certificate.issued_by(intermediate.certificate)) return true;
  }
  return false;
}

Result<pki::Certificate> check_certificate_to_register(const Change& change, const Bytes& octets) {
  auto certificate = pki::Certificate::from_der_or_pem(octets);
  if (!certificate) return bad_certificate(certificate.error().text);
  if (!certificate->is_authentication()) return bad_certificate("The certificate is not one for authentication");
  if (!certificate->valid_at(from_unix_millis(change.millis())))
    return bad_certificate("The certificate has expired, or is not valid yet");
  auto approved = is_issued_by_an_approved_ca(change.registry(), *certificate);
  if (!approved) return approved.error();
  if (!*approved) return bad_certificate("No approved certification service has issued the certificate");
  return certificate;
}

Result<void> check_not_registered(const Registry& registry, const pki::Certificate& certificate) {
  auto registered = is_registered(registry, certificate);
  if (!registered) return registered.error();
  if (!*registered) return {};
  return fault(RegistryFault::management_request_security_server_exists,
               "The certificate is registered already, for this server or another one");
}

}  // namespace

Result<AdmittedRequest> admit_certificate_registration(const Change& change, NewRequest added) {
  if (added.origin == RequestOrigin::center) {
    auto owner = told_as(member(change.registry(), added.server.owner()), RegistryFault::member_not_found,
                         RegistryFault::management_request_server_owner_not_found);
    if (!owner) return owner.error();
  }
  auto certificate = check_certificate_to_register(change, added.certificate);
  if (!certificate) return certificate.error();
  auto host = told_as(check_host(added.address), RegistryFault::validation_failure,
                      RegistryFault::management_request_invalid_server_address);
  if (!host) return host.error();
  if (auto fresh = check_not_registered(change.registry(), *certificate); !fresh) return fresh.error();
  added.certificate = certificate->der();
  auto pending = certificate_requests_in(change.registry(), added.certificate, RequestStatus::waiting,
                                         RequestStatus::submitted_for_approval);
  if (!pending) return pending.error();
  auto met = met_by(added, *std::move(pending));
  if (!met) return met.error();
  return AdmittedRequest{std::move(added), *std::move(met)};
}

Result<bool> certificate_registration_is_prepared(const Registry& registry, const NewRequest& request) {
  if (request.origin != RequestOrigin::security_server) return false;
  auto owner = member(registry, request.server.owner());
  if (owner) return true;
  return owner.error().code == to_string(RegistryFault::member_not_found) ? Result<bool>(false) : owner.error();
}

Result<void> carry_out_certificate_registration(Change& change, const ManagementRequest& request) {
  auto certificate = pki::Certificate::from_der(request.certificate);
  if (!certificate) return bad_certificate(certificate.error().text);
  if (auto fresh = check_not_registered(change.registry(), *certificate); !fresh) return fresh;
  if (auto made = make_member_if_missing(change, request.server.owner()); !made) return made;
  if (auto done = register_security_server(change, request.server, request.address); !done) return done;
  auto added = add_authentication_certificate(change, request.server, request.certificate);
  return added ? Result<void>() : added.error();
}

}  // namespace causeway::centralserver
