// SPDX-License-Identifier: MIT
// The files of one version as they are published: copies of what was downloaded, but for the
// shared parameters of the source's own instance, which from version 3 on name the proxy as
// the only source, with the certificates of all its keys.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "configurationproxy/downloaded_parts.hpp"
#include "globalconf/signed_directory.hpp"

namespace causeway::configurationproxy {

struct Generation {
  std::string name;                              // milliseconds since 1970: its folder
  std::vector<globalconf::DirectoryPart> parts;  // with locations below the document root
};

struct GenerationOptions {
  std::string proxy_instance;
  std::filesystem::path target;  // <document root>/<proxy_instance>
  int version = 0;
  std::string address;              // of the proxy
  std::vector<Bytes> certificates;  // of its signing keys, the active one first
  pki::DigestAlgorithm hash = pki::DigestAlgorithm::sha512;
};

// Says whether make_generation() would make the same again.
std::string fingerprint_of(const GenerationOptions& options, const DownloadedParts& downloaded);

// Writes <target>/<name>/<instance>/<location of the part at its source>; nobody sees the
// folder before it is complete. io_error, malformed_global_conf, malformed_configuration when
// the address is needed and missing.
Result<Generation> make_generation(const GenerationOptions& options, const DownloadedParts& downloaded,
                                   TimePoint at = now());

// Where a part goes, below the generation's folder. A location or an instance that is no plain
// relative path ("../..", "http://...", "a b") is replaced by one that is.
std::filesystem::path published_path(const globalconf::PartMetadata& metadata, std::size_t number);

}  // namespace causeway::configurationproxy
