// SPDX-License-Identifier: MIT
// Which of the stored parts are passed on, and until when.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/configuration_directory.hpp"

namespace causeway::configurationproxy {

struct DownloadedPart {
  std::filesystem::path file;
  globalconf::PartMetadata metadata;
};

struct DownloadedParts {
  std::string instance;  // the source's
  std::vector<DownloadedPart> parts;
  // No part may be used longer than this, nor for longer than `validity`.
  TimePoint expires;
};

// What is stored in `directory` of `version`, at `at`.
//
// The proxy vouches for nothing longer than the source did. A federation partner's part that
// would cut that time to less than half is left out, and the log says so: else one partner
// could take everybody's configuration away by publishing a short-lived one.
//
// global_conf_outdated when a part of the source's own instance has expired;
// malformed_global_conf when a part has a name or an instance that no directory can carry.
Result<DownloadedParts> downloaded_parts(const globalconf::ConfigurationDirectory& directory, int version,
                                         std::chrono::seconds validity, TimePoint at);

}  // namespace causeway::configurationproxy
