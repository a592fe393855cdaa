// SPDX-License-Identifier: MIT
// The optional parts of the internal configuration, as they were uploaded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/change.hpp"

namespace causeway::centralserver {

struct ConfigurationPart {
  std::string content_identifier;  // "MONITORING", "FETCHINTERVAL", "NEXTUPDATE"
  std::string content;
  TimePoint updated;
};

Result<std::vector<ConfigurationPart>> configuration_parts(const Registry& registry);
// configuration_part_file_not_found.
Result<ConfigurationPart> configuration_part(const Registry& registry, const std::string& content_identifier);
// malformed_optional_parts_conf for an identifier that is not one of the three,
// configuration_part_validation_failed for content that a Security Server could not read.
Result<void> store_configuration_part(Change& change, const std::string& content_identifier, std::string_view content);

}  // namespace causeway::centralserver
