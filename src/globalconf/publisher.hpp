// SPDX-License-Identifier: MIT
// Generates, signs and publishes the configuration of an instance in all versions, laid
// out as a Central Server does (trust.md 1.2, 2.2):
//
//   <docroot>/V<n>/<yyyyMMddHHmmss + nanoseconds>/shared-params.xml ...
//   <docroot>/V<n>/internalconf, externalconf      signed directories, replaced together
//
// A Central Server of X-Road makes everything anew every minute; here parts are made once for
// a description, and only the directories are signed again: a country's parts are large.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/description.hpp"
#include "globalconf/source_keys.hpp"

namespace causeway::globalconf {

struct PublisherOptions {
  std::string instance;
  std::filesystem::path docroot;
  // Where the document root is served, host or host:port, one for each node.
  std::vector<std::string> addresses;
  std::chrono::seconds validity{600};  // confExpireIntervalSeconds
  std::chrono::seconds interval{60};   // between generations
  int oldest_version = kOldestVersion;
  pki::DigestAlgorithm part_hash = pki::DigestAlgorithm::sha512;
};

class Publisher {
 public:
  Publisher(PublisherOptions options, SourceKeys internal, SourceKeys external);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Generates all versions and replaces the directories; nothing is replaced when one
  // of them cannot be made. Takes effect for later generations too. Thread-safe.
  Result<void> publish(const InstanceDescription& description, TimePoint at = now());
  // Of what is published from now on.
  void set_validity(std::chrono::seconds validity);
  // The same parts again, in directories with a new expiry.
  Result<void> renew(TimePoint at = now());
  // Renews every interval in a thread of its own until the publisher is destroyed;
  // failures are logged and tried again.
  void renew_periodically();

  // For the servers of the instance, and for its federation partners; http and https
  // addresses of every node, certificates of all keys.
  Anchor internal_anchor(TimePoint at = now()) const;
  Anchor external_anchor(TimePoint at = now()) const;

 private:
  struct Part {
    std::string content_identifier, file_name, content;
  };
  // One version of one description.
  struct Generation {
    int version;
    std::filesystem::path folder;
    std::vector<DirectoryPart> parts;  // the shared parameters first: an external source has nothing else
  };

  Result<std::vector<Part>> parts_of(const InstanceDescription& description, int version) const;
  Result<void> write_parts(const InstanceDescription& description, Generation& generation) const;
  // Signs the directories of all versions, then replaces them.
  Result<void> sign(std::span<const Generation> generations, TimePoint at) const;
  Result<void> write_drafts(const Generation& generation, TimePoint at) const;
  Anchor anchor_of(std::string_view path, const SourceKeys& keys, TimePoint at) const;
  void delete_old_generations(TimePoint at) const;

  PublisherOptions options_;
  SourceKeys internal_, external_;
  std::mutex publishing_;
  std::vector<Generation> published_;  // publishing_
  std::mutex stopping_;
  std::condition_variable wake_;
  bool stop_ = false;  // stopping_
  std::thread renewer_;
};

}  // namespace causeway::globalconf
