// SPDX-License-Identifier: MIT
// Parameters of archiving and cleaning (evidence.md 4.2).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/parameters.hpp"
#include "domain/identifiers.hpp"
#include "pki/digest.hpp"
#include "securityserver/archiving/cron_expression.hpp"

namespace causeway::securityserver {

enum class ArchiveGrouping { none, member, subsystem };

// With what archives are encrypted: OpenPGP keys, as gpg names them.
struct ArchiveKeys {
  std::filesystem::path home = "gpghome";
  std::string usual;  // of groups that have none; empty: the key pair that signs
  std::map<ClientId, std::vector<std::string>> by_member;

  // Of a group; without one (grouping none) the usual key.
  std::vector<std::string> of(const std::optional<ClientId>& group) const;
};

// Lines "INSTANCE/CLASS/CODE = key id"; a member may have several, "#" begins a comment,
// "\=" and "\#" are those characters. malformed_server_conf, with the line.
Result<std::map<ClientId, std::vector<std::string>>> parse_archive_keys(std::string_view text);

// Relative paths are of the server's directory, as their defaults are: X-Road's own name
// places that all servers of a machine would share.
struct ArchivingSettings {
  CronExpression archive_interval, clean_interval;
  std::chrono::days keep_records{30};
  std::filesystem::path path = "archive";
  std::uint64_t max_file_size = 32UL << 20;  // an archive ends with the container that passes this, in octets
  std::uint64_t batch = 10000;               // records in one archive at most
  ArchiveGrouping grouping = ArchiveGrouping::none;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
  std::string transfer_command = {};  // empty: none
  std::optional<ArchiveKeys> keys{};  // nothing: archives are not encrypted

  // malformed_server_conf, with the parameter.
  static Result<ArchivingSettings> from(const Parameters& parameters);
};

}  // namespace causeway::securityserver
