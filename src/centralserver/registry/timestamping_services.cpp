// SPDX-License-Identifier: MIT
#include "centralserver/registry/timestamping_services.hpp"

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/cost_text.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "time-stamping service";
constexpr const char* kSelect = "SELECT id, name, url, certificate, cost, created, updated FROM timestamping_service ";

Result<RegisteredTimestampingService> read_service(const store::Statement& row) {
  auto certificate = pki::Certificate::from_der(row.octets(3));
  if (!certificate) return certificate.error();
  return RegisteredTimestampingService{
      row.integer(0),       std::string(row.text(1)),         std::string(row.text(2)),        *std::move(certificate),
      cost_of(row.text(4)), from_unix_millis(row.integer(5)), from_unix_millis(row.integer(6))};
}

}  // namespace

Result<std::vector<RegisteredTimestampingService>> timestamping_services(const Registry& registry) {
  return read_rows(registry.database(), std::string(kSelect) + "ORDER BY id", read_service);
}

Result<RegisteredTimestampingService> timestamping_service(const Registry& registry, std::int64_t number) {
  auto found = read_row(registry.database(), std::string(kSelect) + "WHERE id = $1", read_service, number);
  if (!found) return found.error();
  if (!*found)
    return fault(RegistryFault::timestamping_authority_not_found,
                 "There is no time-stamping service number " + std::to_string(number));
  return **std::move(found);
}

Result<std::int64_t> add_timestamping_service(Change& change, const std::string& url, ByteView certificate,
                                              globalconf::CostType cost) {
  if (auto good = check_url(url); !good) return good.error();
  auto read = check_certificate(certificate);
  if (!read) return read.error();
  const auto name = name_of(*read);
  if (!name) return name.error();
  auto number = insert(change.database(),
                       "INSERT INTO timestamping_service (name, url, certificate, cost, created, updated)"
                       " VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
                       *name, url, read->der(), cost_text(cost), change.millis());
  if (!number) return number;
  if (auto noted = change.note_added(kKind, std::to_string(*number), *name + ", " + url); !noted) return noted.error();
  return number;
}

Result<void> update_timestamping_service(Change& change, std::int64_t number, const std::string& url,
                                         const std::optional<Bytes>& certificate, globalconf::CostType cost) {
  auto before = timestamping_service(change.registry(), number);
  if (!before) return before.error();
  if (auto good = check_url(url); !good) return good;
  auto after = certificate ? check_certificate(*certificate) : Result<pki::Certificate>(before->certificate);
  if (!after) return after.error();
  auto stored = run(change.database(),
                    "UPDATE timestamping_service SET url = $2, certificate = $3, cost = $4, updated = $5 WHERE id = $1",
                    number, url, after->der(), cost_text(cost), change.millis());
  if (!stored) return stored;
  const std::string subject = std::to_string(number);
  constexpr auto kHash = pki::DigestAlgorithm::sha256;
  auto noted = change.note_changed(kKind, subject, "url", before->url, url);
  if (noted)
    noted =
        change.note_changed(kKind, subject, "certificate", before->certificate.hash_hex(kHash), after->hash_hex(kHash));
  if (noted) noted = change.note_changed(kKind, subject, "cost", cost_text(before->cost), cost_text(cost));
  return noted;
}

Result<void> delete_timestamping_service(Change& change, std::int64_t number) {
  auto deleted = timestamping_service(change.registry(), number);
  if (!deleted) return deleted.error();
  auto gone = run(change.database(), "DELETE FROM timestamping_service WHERE id = $1", number);
  if (!gone) return gone;
  return change.note_deleted(kKind, std::to_string(number), deleted->name + ", " + deleted->url);
}

}  // namespace causeway::centralserver
