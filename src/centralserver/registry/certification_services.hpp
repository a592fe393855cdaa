// SPDX-License-Identifier: MIT
// The approved certification services: whose certificates count in the instance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/certificate_authorities.hpp"
#include "centralserver/registry/change.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::centralserver {

// What an administrator says of a service, beside its certificate.
struct CertificationSettings {
  std::string profile_class;  // certificateProfileInfo: one that we know
  bool tls_only = false;      // authenticationOnly
  std::optional<globalconf::CsrFormat> default_csr_format;
  // Empty: no ACME, and then the others count for nothing.
  std::string acme_directory_url;
  std::string acme_ip_addresses;  // commas between
  std::string acme_authentication_profile, acme_signing_profile;
};

struct RegisteredCertificationService {
  std::int64_t number = 0;
  std::string name;  // of the CA
  CertificationSettings settings;
  CertificateAuthority top;
  std::vector<CertificateAuthority> intermediates;
  TimePoint created, updated;
};

Result<std::vector<RegisteredCertificationService>> certification_services(const Registry& registry);
// certification_service_not_found.
Result<RegisteredCertificationService> certification_service(const Registry& registry, std::int64_t number);

// `certificate` is DER or PEM. certificate_profile_info_class_not_found, invalid_url,
// invalid_ip_address, invalid_certificate.
Result<std::int64_t> add_certification_service(Change& change, const CertificationSettings& settings,
                                               ByteView certificate);
Result<void> update_certification_service(Change& change, std::int64_t number, const CertificationSettings& settings);
// With its intermediate CAs and all OCSP responders. Nobody asks who has certificates of it.
Result<void> delete_certification_service(Change& change, std::int64_t number);
// Of the CA that gives the service its name.
Result<std::int64_t> add_ocsp_responder(Change& change, std::int64_t service, const NewOcspResponder& added);

}  // namespace causeway::centralserver
