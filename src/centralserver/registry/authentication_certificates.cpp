// SPDX-License-Identifier: MIT
#include "centralserver/registry/authentication_certificates.hpp"

#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "authentication certificate";

Result<AuthenticationCertificate> read_certificate(const store::Statement& row) {
  auto certificate = pki::Certificate::from_der(row.octets(1));
  if (!certificate) return certificate.error();
  return AuthenticationCertificate{row.integer(0), *std::move(certificate)};
}

}  // namespace

Result<std::vector<AuthenticationCertificate>> authentication_certificates(const Registry& registry,
                                                                           const ServerId& server) {
  auto found = security_server(registry, server);
  if (!found) return found.error();
  return read_rows(registry.database(),
                   "SELECT id, certificate FROM authentication_certificate WHERE server_id = $1 ORDER BY id",
                   read_certificate, found->number);
}

Result<bool> is_registered(const Registry& registry, const pki::Certificate& certificate) {
  return exists(registry.database(), "SELECT id FROM authentication_certificate WHERE sha256 = $1",
                certificate.hash_hex(pki::DigestAlgorithm::sha256));
}

Result<std::int64_t> add_authentication_certificate(Change& change, const ServerId& server, ByteView certificate) {
  auto owner = security_server(change.registry(), server);
  if (!owner) return owner.error();
  auto added = pki::Certificate::from_der_or_pem(certificate);
  if (!added) return fault(RegistryFault::management_request_invalid_auth_certificate, added.error().text);
  if (!added->is_authentication())
    return fault(RegistryFault::management_request_invalid_auth_certificate,
                 "The certificate is not one for authentication");
  const std::string hash = added->hash_hex(pki::DigestAlgorithm::sha256);
  auto known = is_registered(change.registry(), *added);
  if (!known) return known.error();
  if (*known)
    return fault(RegistryFault::management_request_security_server_exists,
                 "The certificate is registered already, for this server or another one");
  auto number = insert(change.database(),
                       "INSERT INTO authentication_certificate (server_id, sha256, certificate) VALUES ($1, $2, $3)"
                       " RETURNING id",
                       owner->number, hash, added->der());
  if (!number) return number;
  if (auto noted = change.note_added(kKind, server.to_string(), hash); !noted) return noted.error();
  return number;
}

Result<void> delete_authentication_certificate(Change& change, const ServerId& server, std::int64_t number) {
  auto owner = security_server(change.registry(), server);
  if (!owner) return owner.error();
  auto hash =
      read_row(change.database(), "SELECT sha256 FROM authentication_certificate WHERE id = $1 AND server_id = $2",
               read_text, number, owner->number);
  if (!hash) return hash.error();
  if (!*hash)
    return fault(RegistryFault::ss_auth_certificate_not_found,
                 server.to_string() + " has no certificate number " + std::to_string(number));
  auto gone = run(change.database(), "DELETE FROM authentication_certificate WHERE id = $1", number);
  if (!gone) return gone;
  return change.note_deleted(kKind, server.to_string(), **hash);
}

}  // namespace causeway::centralserver
