// SPDX-License-Identifier: MIT
#include "centralserver/registry/ocsp_responders.hpp"

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/cost_text.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "OCSP responder";
constexpr const char* kSelect = "SELECT id, url, certificate, cost, created, updated FROM ocsp_responder ";

Result<RegisteredOcspResponder> read_responder(const store::Statement& row) {
  std::optional<Bytes> certificate;
  if (!row.is_null(2)) certificate = octets_of(row, 2);
  return RegisteredOcspResponder{
      row.integer(0),       std::string(row.text(1)),         std::move(certificate),
      cost_of(row.text(3)), from_unix_millis(row.integer(4)), from_unix_millis(row.integer(5))};
}

Result<std::optional<Bytes>> checked(const std::optional<Bytes>& uploaded) {
  if (!uploaded) return std::optional<Bytes>();
  auto certificate = check_certificate(*uploaded);
  if (!certificate) return certificate.error();
  return std::optional(certificate->der());
}

std::string fingerprint(const std::optional<Bytes>& certificate) {
  return certificate ? to_hex(pki::digest(pki::DigestAlgorithm::sha256, *certificate)) : std::string();
}

std::string subject(std::int64_t number) { return std::to_string(number); }

}  // namespace

Result<RegisteredOcspResponder> ocsp_responder(const Registry& registry, std::int64_t number) {
  auto found = read_row(registry.database(), std::string(kSelect) + "WHERE id = $1", read_responder, number);
  if (!found) return found.error();
  if (!*found)
    return fault(RegistryFault::ocsp_responder_not_found, "There is no OCSP responder number " + subject(number));
  return **std::move(found);
}

Result<void> update_ocsp_responder(Change& change, std::int64_t number, const OcspResponderUpdate& update) {
  auto before = ocsp_responder(change.registry(), number);
  if (!before) return before.error();
  RegisteredOcspResponder after = *before;
  if (update.url) {
    if (auto url = check_url(*update.url); !url) return url;
    after.url = *update.url;
  }
  if (update.certificate) {
    auto certificate = checked(update.certificate);
    if (!certificate) return certificate.error();
    after.certificate = *std::move(certificate);
  }
  after.cost = update.cost.value_or(before->cost);
  auto stored = run(change.database(),
                    "UPDATE ocsp_responder SET url = $2, certificate = $3, cost = $4, updated = $5 WHERE id = $1",
                    number, after.url, nullable(after.certificate), cost_text(after.cost), change.millis());
  if (!stored) return stored;
  auto noted = change.note_changed(kKind, subject(number), "url", before->url, after.url);
  if (noted)
    noted = change.note_changed(kKind, subject(number), "certificate", fingerprint(before->certificate),
                                fingerprint(after.certificate));
  if (noted)
    noted = change.note_changed(kKind, subject(number), "cost", cost_text(before->cost), cost_text(after.cost));
  return noted;
}

Result<void> delete_ocsp_responder(Change& change, std::int64_t number) {
  auto deleted = ocsp_responder(change.registry(), number);
  if (!deleted) return deleted.error();
  if (auto gone = run(change.database(), "DELETE FROM ocsp_responder WHERE id = $1", number); !gone) return gone;
  return change.note_deleted(kKind, subject(number), deleted->url);
}

Result<std::vector<RegisteredOcspResponder>> ocsp_responders_of(const Registry& registry, std::int64_t authority) {
  return read_rows(registry.database(), std::string(kSelect) + "WHERE authority_id = $1 ORDER BY id", read_responder,
                   authority);
}

Result<std::int64_t> add_ocsp_responder_of(Change& change, std::int64_t authority, const NewOcspResponder& added) {
  if (auto url = check_url(added.url); !url) return url.error();
  auto certificate = checked(added.certificate);
  if (!certificate) return certificate.error();
  auto number = insert(change.database(),
                       "INSERT INTO ocsp_responder (authority_id, url, certificate, cost, created, updated)"
                       " VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
                       authority, added.url, nullable(*certificate), cost_text(added.cost), change.millis());
  if (!number) return number;
  if (auto noted = change.note_added(kKind, subject(*number), added.url); !noted) return noted.error();
  return number;
}

}  // namespace causeway::centralserver
