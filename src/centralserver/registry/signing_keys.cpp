// SPDX-License-Identifier: MIT
#include "centralserver/registry/signing_keys.hpp"

#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "domain/fault_code.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "configuration signing key";
constexpr std::string_view kColumns =
    "SELECT key_identifier, source, node, token, certificate, active, created FROM signing_key ";

Result<SigningKey> read_key(const store::Statement& row) {
  auto certificate = pki::Certificate::from_der(row.octets(4));
  if (!certificate) return certificate.error().while_doing("the signing key " + std::string(row.text(0)));
  return SigningKey{
      .id = std::string(row.text(0)),
      .source = row.text(1) == to_string(SourceType::internal) ? SourceType::internal : SourceType::external,
      .node = std::string(row.text(2)),
      .token = std::string(row.text(3)),
      .certificate = *std::move(certificate),
      .active = row.integer(5) != 0,
      .created = from_unix_millis(row.integer(6))};
}

std::string subject_of(const SigningKey& key) { return key.id + " of " + key.node; }

// One of this node that does not sign.
Result<SigningKey> spare_key(Change& change, const std::string& id) {
  auto key = signing_key(change.registry(), id);
  if (!key) return key;
  if (key->node != change.registry().node())
    return fault(RegistryFault::signing_key_not_found, "The signing key " + id + " is of the node " + key->node);
  if (key->active) return fault(RegistryFault::signing_key_action_not_possible, "The signing key " + id + " is in use");
  return key;
}

Result<bool> has_active_key(const Registry& registry, SourceType source) {
  return exists(registry.database(), "SELECT 1 FROM signing_key WHERE source = $1 AND node = $2 AND active = 1",
                to_string(source), registry.node());
}

}  // namespace

Result<std::vector<SigningKey>> signing_keys(const Registry& registry) {
  return read_rows(registry.database(), std::string(kColumns) + "ORDER BY id", read_key);
}

Result<SigningKey> signing_key(const Registry& registry, const std::string& id) {
  auto found = read_row(registry.database(), std::string(kColumns) + "WHERE key_identifier = $1", read_key, id);
  if (!found) return found.error();
  if (!*found) return fault(RegistryFault::signing_key_not_found, "There is no signing key " + id);
  return **std::move(found);
}

Result<SigningKey> add_signing_key(Change& change, SigningKey key) {
  auto active = has_active_key(change.registry(), key.source);
  if (!active) return active.error();
  key.active = !*active;
  key.node = change.registry().node();
  key.created = from_unix_millis(change.millis());
  auto stored =
      run(change.database(),
          "INSERT INTO signing_key (key_identifier, source, node, token, certificate, active, created)"
          " VALUES ($1, $2, $3, $4, $5, $6, $7)",
          key.id, to_string(key.source), key.node, key.token, key.certificate.der(), int{key.active}, change.millis());
  if (!stored) return stored.error();
  if (auto noted = change.note_added(kKind, subject_of(key), to_string(key.source)); !noted) return noted.error();
  return key;
}

Result<void> activate_signing_key(Change& change, const std::string& id) {
  auto key = spare_key(change, id);
  if (!key) return key.error();
  auto done = run(change.database(),
                  "UPDATE signing_key SET active = CASE WHEN key_identifier = $1 THEN 1 ELSE 0 END"
                  " WHERE source = $2 AND node = $3",
                  id, to_string(key->source), key->node);
  if (!done) return done;
  return change.note_changed(kKind, subject_of(*key), "active", "false", "true");
}

Result<void> delete_signing_key(Change& change, const std::string& id) {
  auto key = spare_key(change, id);
  if (!key) return key.error();
  if (auto gone = run(change.database(), "DELETE FROM signing_key WHERE key_identifier = $1", id); !gone) return gone;
  return change.note_deleted(kKind, subject_of(*key), to_string(key->source));
}

}  // namespace causeway::centralserver
