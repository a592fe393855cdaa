// SPDX-License-Identifier: MIT
// Generates, signs and publishes the configuration of an instance in all versions, laid
// out as a Central Server does (trust.md 1.2, 2.2):
//
//   <docroot>/V<n>/<yyyyMMddHHmmss + nanoseconds>/shared-params.xml ...
//   <docroot>/V<n>/internalconf, externalconf      signed directories, replaced together
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
  Result<void> publish(InstanceDescription description, TimePoint at = now());
  // The same description again, with a new expiry.
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
  struct Generation {
    int version;
    std::string name;
    std::filesystem::path folder;
  };

  Result<void> generate(const InstanceDescription& description, TimePoint at);
  Result<std::vector<Part>> parts_of(const InstanceDescription& description, int version) const;
  Result<void> write_version(const InstanceDescription& description, const Generation& generation, TimePoint at);
  Result<std::string> directory_of(std::span<const Part> parts, const Generation& generation, TimePoint at,
                                   const std::string& instance, const SourceKeys& keys) const;
  Anchor anchor_of(std::string_view path, const SourceKeys& keys, TimePoint at) const;
  void delete_old_generations(TimePoint at) const;

  PublisherOptions options_;
  SourceKeys internal_, external_;
  std::mutex publishing_;
  std::optional<InstanceDescription> description_;  // publishing_
  std::mutex stopping_;
  std::condition_variable wake_;
  bool stop_ = false;  // stopping_
  std::thread renewer_;
};

}  // namespace causeway::globalconf
