// SPDX-License-Identifier: MIT
#include "centralserver/registry/configuration_parts.hpp"

#include <optional>

#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "globalconf/optional_parts.hpp"
#include "pki/digest.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "configuration part";

Result<ConfigurationPart> read_part(const store::Statement& row) {
  return ConfigurationPart{std::string(row.text(0)), to_text(row.octets(1)), from_unix_millis(row.integer(2))};
}

template <class T>
Result<void> verdict(const Result<T>& read) {
  if (read) return {};
  return fault(RegistryFault::configuration_part_validation_failed, read.error().text);
}

Result<void> check_content(std::string_view identifier, std::string_view content) {
  if (identifier == globalconf::kMonitoringId) return verdict(globalconf::read_monitoring_client(content));
  if (identifier == globalconf::kFetchIntervalId) return verdict(globalconf::read_ocsp_fetch_interval(content));
  if (identifier == globalconf::kNextUpdateId) return verdict(globalconf::read_verify_next_update(content));
  return fault(RegistryFault::malformed_optional_parts_conf,
               "There is no optional configuration part " + std::string(identifier));
}

std::string digest_of(std::string_view content) {
  return to_hex(pki::digest(pki::DigestAlgorithm::sha256, as_bytes(content)));
}

Result<std::optional<ConfigurationPart>> find_part(const Registry& registry, const std::string& identifier) {
  return read_row(registry.database(),
                  "SELECT content_identifier, content, updated FROM configuration_part WHERE content_identifier = $1",
                  read_part, identifier);
}

}  // namespace

Result<std::vector<ConfigurationPart>> configuration_parts(const Registry& registry) {
  return read_rows(registry.database(),
                   "SELECT content_identifier, content, updated FROM configuration_part ORDER BY content_identifier",
                   read_part);
}

Result<ConfigurationPart> configuration_part(const Registry& registry, const std::string& identifier) {
  auto found = find_part(registry, identifier);
  if (!found) return found.error();
  if (!*found)
    return fault(RegistryFault::configuration_part_file_not_found, "No part " + identifier + " was uploaded");
  return **std::move(found);
}

Result<void> store_configuration_part(Change& change, const std::string& identifier, std::string_view content) {
  if (auto good = check_content(identifier, content); !good) return good;
  auto before = find_part(change.registry(), identifier);
  if (!before) return before.error();
  const std::string_view sql =
      *before ? "UPDATE configuration_part SET content = $2, updated = $3 WHERE content_identifier = $1"
              : "INSERT INTO configuration_part (content_identifier, content, updated) VALUES ($1, $2, $3)";
  if (auto stored = run(change.database(), sql, identifier, as_bytes(content), change.millis()); !stored) return stored;
  if (*before)
    return change.note_changed(kKind, identifier, "SHA-256", digest_of((*before)->content), digest_of(content));
  return change.note_added(kKind, identifier, digest_of(content));
}

}  // namespace causeway::centralserver
