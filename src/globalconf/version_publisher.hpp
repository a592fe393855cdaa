// SPDX-License-Identifier: MIT
// One version of an instance's configuration under a document root, laid out as a Central Server
// does (trust.md 1.2, 2.2):
//
//   <docroot>/V<n>/<yyyyMMddHHmmss + nanoseconds>/shared-params.xml ...
//   <docroot>/V<n>/internalconf, externalconf      signed directories
//
// A Central Server of X-Road makes everything anew every minute; here parts are made once for
// a description, and only the directories are signed again: a country's parts are large.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/description.hpp"
#include "globalconf/source_keys.hpp"

namespace causeway::globalconf {

struct GeneratedPart {
  std::string content_identifier, file_name, content;
};

// What a version consists of, the shared parameters first: an external source has nothing else.
// `sources`: the nodes that serve it. malformed_global_conf, also when readers would refuse it:
// one bad value would stop everybody.
Result<std::vector<GeneratedPart>> generate_parts(const InstanceDescription& description,
                                                  const std::vector<ConfigurationSource>& sources, int version);

// One thread at a time.
class VersionPublisher {
 public:
  VersionPublisher(const std::filesystem::path& docroot, int version);

  int version() const { return version_; }
  std::filesystem::path directory_file(SourceType source) const;

  // Writes the parts into a folder of their own. Nobody is told of them before publish(); when it
  // fails, nothing is left of them, and the earlier ones are no longer published anew either.
  Result<void> write_parts(const std::vector<GeneratedPart>& parts, const std::string& instance,
                           pki::DigestAlgorithm hash, TimePoint at);
  // Where the parts are that are published from now on; nothing before there were any.
  const std::optional<std::filesystem::path>& folder() const { return folder_; }

  // Signs a directory of the parts for `validity`, reads it back as a client would, and replaces
  // the one of `source`. The earlier one stays when that cannot be done.
  Result<void> publish(SourceType source, const DirectorySigner& signer, std::chrono::seconds validity, TimePoint at);

  // Generations that nobody can still be reading.
  void delete_old_generations(std::chrono::seconds validity, TimePoint at) const;

 private:
  const std::filesystem::path folder_of_version_;
  const int version_;
  std::optional<std::filesystem::path> folder_;
  std::vector<DirectoryPart> parts_;
};

}  // namespace causeway::globalconf
