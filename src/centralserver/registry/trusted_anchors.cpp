// SPDX-License-Identifier: MIT
#include "centralserver/registry/trusted_anchors.hpp"

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "trusted anchor";

Result<TrustedAnchor> read_row_anchor(const store::Statement& row) {
  std::string document = to_text(row.octets(1));
  auto anchor = globalconf::read_anchor(document);
  if (!anchor) return anchor.error();
  return TrustedAnchor{std::string(row.text(0)), std::move(document), *std::move(anchor)};
}

}  // namespace

Result<std::vector<TrustedAnchor>> trusted_anchors(const Registry& registry) {
  return read_rows(registry.database(), "SELECT hash, document FROM trusted_anchor ORDER BY id", read_row_anchor);
}

Result<TrustedAnchor> trusted_anchor(const Registry& registry, const std::string& hash) {
  auto found =
      read_row(registry.database(), "SELECT hash, document FROM trusted_anchor WHERE hash = $1", read_row_anchor, hash);
  if (!found) return found.error();
  if (!*found) return fault(RegistryFault::trusted_anchor_not_found, "There is no trusted anchor " + hash);
  return **std::move(found);
}

Result<TrustedAnchor> preview_trusted_anchor(std::string_view document) {
  auto anchor = globalconf::read_anchor(document);
  if (!anchor) return fault(RegistryFault::malformed_anchor, anchor.error().text);
  if (!anchor->generated_at)
    return fault(RegistryFault::malformed_anchor, "The anchor does not say when it was generated");
  if (auto code = check_code("The instance of the anchor", anchor->instance); !code)
    return fault(RegistryFault::malformed_anchor, code.error().text);
  return TrustedAnchor{globalconf::anchor_hash(document), std::string(document), *std::move(anchor)};
}

Result<TrustedAnchor> add_trusted_anchor(Change& change, std::string_view document) {
  auto added = preview_trusted_anchor(document);
  if (!added) return added;
  const std::string& instance = added->anchor.instance;
  auto before = read_row(change.database(), "SELECT hash FROM trusted_anchor WHERE instance = $1", read_text, instance);
  if (!before) return before.error();
  const std::string_view sql =
      *before ? "UPDATE trusted_anchor SET hash = $2, document = $3, created = $4 WHERE instance = $1"
              : "INSERT INTO trusted_anchor (instance, hash, document, created) VALUES ($1, $2, $3, $4)";
  auto stored = run(change.database(), sql, instance, added->hash, as_bytes(document), change.millis());
  if (!stored) return stored.error();
  auto noted = *before ? change.note_changed(kKind, instance, "hash", **before, added->hash)
                       : change.note_added(kKind, instance, added->hash);
  if (!noted) return noted.error();
  return added;
}

Result<void> delete_trusted_anchor(Change& change, const std::string& hash) {
  auto deleted = trusted_anchor(change.registry(), hash);
  if (!deleted) return deleted.error();
  if (auto gone = run(change.database(), "DELETE FROM trusted_anchor WHERE hash = $1", hash); !gone) return gone;
  return change.note_deleted(kKind, deleted->anchor.instance, hash);
}

}  // namespace causeway::centralserver
