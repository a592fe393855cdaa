// SPDX-License-Identifier: MIT
// Where the directory of an instance can be downloaded from, in which order, and in which
// versions (trust.md 1.3 and 1.4).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::globalconf {

struct DownloadLocation {
  std::string url;
  std::vector<Bytes> verification_certificates;
};

// Shuffles in place, so that many servers spread over the sources.
using Shuffle = std::function<void(std::span<DownloadLocation>)>;
Shuffle random_shuffle();

// "internalconf", "externalconf", "PROXY1/conf": the path of the first URL of the anchor
// that has one; nullopt when none does.
std::optional<std::string> configuration_path(const Anchor& anchor);

// First the sources that the stored shared parameters name, then those of the anchor;
// in each group https before http. Where X-Road drops the https addresses of an anchor and
// so downloads nothing when it has no others, they are used here.
std::vector<DownloadLocation> download_locations(const Anchor& anchor, std::span<const ConfigurationSource> stored,
                                                 const Shuffle& shuffle);

// Whether the query of `url` names a version.
bool has_version(std::string_view url);
std::string with_version(std::string_view url, int version);

// `reference` against the address of the directory (RFC 3986), http and https only.
std::optional<std::string> resolve_location(std::string_view directory_url, std::string_view reference);

}  // namespace causeway::globalconf
