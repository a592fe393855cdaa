// SPDX-License-Identifier: MIT
// The CAs of certification services: the one that gives a service its name, and intermediate
// ones that issue for it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/change.hpp"
#include "centralserver/registry/ocsp_responders.hpp"
#include "pki/certificate.hpp"

namespace causeway::centralserver {

struct CertificateAuthority {
  std::int64_t number = 0;
  pki::Certificate certificate;
  std::vector<RegisteredOcspResponder> ocsp_responders;
  TimePoint created;
};

// intermediate_ca_not_found.
Result<CertificateAuthority> intermediate_ca(const Registry& registry, std::int64_t number);
// invalid_certificate, certification_service_not_found.
Result<std::int64_t> add_intermediate_ca(Change& change, std::int64_t service, ByteView certificate);
// With its OCSP responders.
Result<void> delete_intermediate_ca(Change& change, std::int64_t number);
Result<std::int64_t> add_intermediate_ocsp_responder(Change& change, std::int64_t intermediate,
                                                     const NewOcspResponder& added);
// ocsp_responder_not_found, also when it is that of another CA.
Result<void> delete_intermediate_ocsp_responder(Change& change, std::int64_t intermediate, std::int64_t responder);

// For this library: those of a service, its own first.
Result<std::vector<CertificateAuthority>> authorities_of(const Registry& registry, std::int64_t service);
Result<std::int64_t> add_authority_of(Change& change, std::int64_t service, const pki::Certificate& certificate,
                                      bool intermediate);
Result<void> delete_authority(Change& change, const CertificateAuthority& authority);

}  // namespace causeway::centralserver
