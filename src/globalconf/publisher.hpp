// SPDX-License-Identifier: MIT
// Generates, signs and publishes the configuration of an instance in all versions, with keys that
// this process holds and that stay the same.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/description.hpp"
#include "globalconf/source_keys.hpp"
#include "globalconf/version_publisher.hpp"

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

  // Generates all versions and replaces the directories, each version by itself: one that cannot
  // be made stays as it was. The first fault. Takes effect for later generations too. Thread-safe.
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
  Anchor anchor_of(SourceType source, const SourceKeys& keys, TimePoint at) const;
  std::vector<ConfigurationSource> sources() const;
  Result<void> sign(VersionPublisher& version, TimePoint at) const;

  PublisherOptions options_;
  SourceKeys internal_, external_;
  std::mutex publishing_;
  std::vector<VersionPublisher> versions_;  // publishing_
  std::mutex stopping_;
  std::condition_variable wake_;
  bool stop_ = false;  // stopping_
  std::thread renewer_;
};

}  // namespace causeway::globalconf
