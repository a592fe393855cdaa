// SPDX-License-Identifier: MIT
#include "centralserver/registry/certificate_authorities.hpp"

#include <algorithm>
#include <string>

#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "certificate authority";

Result<CertificateAuthority> read_authority(const store::Statement& row) {
  auto certificate = pki::Certificate::from_der(row.octets(1));
  if (!certificate) return certificate.error();
  return CertificateAuthority{row.integer(0), *std::move(certificate), {}, from_unix_millis(row.integer(2))};
}

// Once the rows are read: what the statement holds is free by then.
Result<void> add_responders(const Registry& registry, CertificateAuthority& authority) {
  auto responders = ocsp_responders_of(registry, authority.number);
  if (!responders) return responders.error();
  authority.ocsp_responders = *std::move(responders);
  return {};
}

}  // namespace

Result<CertificateAuthority> intermediate_ca(const Registry& registry, std::int64_t number) {
  auto found = read_row(registry.database(),
                        "SELECT id, certificate, created FROM certificate_authority WHERE id = $1 AND intermediate = 1",
                        read_authority, number);
  if (!found) return found.error();
  if (!*found)
    return fault(RegistryFault::intermediate_ca_not_found,
                 "There is no intermediate CA number " + std::to_string(number));
  if (auto added = add_responders(registry, **found); !added) return added.error();
  return **std::move(found);
}

Result<std::int64_t> add_intermediate_ca(Change& change, std::int64_t service, ByteView certificate) {
  auto read = check_certificate(certificate);
  if (!read) return read.error();
  if (auto known = certification_service(change.registry(), service); !known) return known.error();
  return add_authority_of(change, service, *read, true);
}

Result<void> delete_intermediate_ca(Change& change, std::int64_t number) {
  auto deleted = intermediate_ca(change.registry(), number);
  if (!deleted) return deleted.error();
  return delete_authority(change, *deleted);
}

Result<std::int64_t> add_intermediate_ocsp_responder(Change& change, std::int64_t intermediate,
                                                     const NewOcspResponder& added) {
  if (auto known = intermediate_ca(change.registry(), intermediate); !known) return known.error();
  return add_ocsp_responder_of(change, intermediate, added);
}

Result<void> delete_intermediate_ocsp_responder(Change& change, std::int64_t intermediate, std::int64_t responder) {
  auto authority = intermediate_ca(change.registry(), intermediate);
  if (!authority) return authority.error();
  if (std::ranges::find(authority->ocsp_responders, responder, &RegisteredOcspResponder::number) ==
      authority->ocsp_responders.end())
    return fault(RegistryFault::ocsp_responder_not_found,
                 "The intermediate CA has no OCSP responder number " + std::to_string(responder));
  return delete_ocsp_responder(change, responder);
}

Result<std::vector<CertificateAuthority>> authorities_of(const Registry& registry, std::int64_t service) {
  auto authorities = read_rows(registry.database(),
                               "SELECT id, certificate, created FROM certificate_authority WHERE service_id = $1"
                               " ORDER BY intermediate, id",
                               read_authority, service);
  if (!authorities) return authorities;
  for (CertificateAuthority& authority : *authorities)
    if (auto added = add_responders(registry, authority); !added) return added.error();
  return authorities;
}

Result<std::int64_t> add_authority_of(Change& change, std::int64_t service, const pki::Certificate& certificate,
                                      bool intermediate) {
  auto number = insert(change.database(),
                       "INSERT INTO certificate_authority (service_id, intermediate, certificate, created)"
                       " VALUES ($1, $2, $3, $4) RETURNING id",
                       service, intermediate, certificate.der(), change.millis());
  if (!number) return number;
  auto noted = change.note_added(kKind, std::to_string(*number), certificate.hash_hex(pki::DigestAlgorithm::sha256));
  if (!noted) return noted.error();
  return number;
}

Result<void> delete_authority(Change& change, const CertificateAuthority& authority) {
  for (const RegisteredOcspResponder& responder : authority.ocsp_responders)
    if (auto gone = delete_ocsp_responder(change, responder.number); !gone) return gone;
  auto gone = run(change.database(), "DELETE FROM certificate_authority WHERE id = $1", authority.number);
  if (!gone) return gone;
  return change.note_deleted(kKind, std::to_string(authority.number),
                             authority.certificate.hash_hex(pki::DigestAlgorithm::sha256));
}

}  // namespace causeway::centralserver
