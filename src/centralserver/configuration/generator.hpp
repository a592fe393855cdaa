// SPDX-License-Identifier: MIT
// Makes the configuration of the instance from the registry, has it signed, and publishes it: each
// version and each source by itself, so that one that cannot be made stops no other.
//
// What is published is only ever replaced by something newer that was read back; when it cannot be
// made anew it stays until its time is up, and is then withdrawn.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "centralserver/configuration/generation_status.hpp"
#include "centralserver/registry/instance_description.hpp"
#include "centralserver/registry/source_anchors.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "globalconf/version_publisher.hpp"
#include "signer/management.hpp"

namespace causeway::centralserver {

struct GeneratorOptions {
  std::filesystem::path docroot;
  int oldest_version = globalconf::kOldestVersion;  // minimum-global-configuration-version
  PublicPorts ports = {};
  // Of the service at which Security Servers register themselves, which they are told to expect;
  // absent when there is no such file.
  std::filesystem::path registration_certificate = {};
};

// One thread at a time.
class Generator {
 public:
  using OpenSigner = std::function<Result<signer::SignerConnection>()>;
  Generator(GeneratorOptions options, OpenSigner signer);

  // Nothing is done, and nothing told, before the server is initialised. What failed is in the
  // status and in the log.
  GenerationStatus run_round(const Registry& registry, TimePoint at = now());
  // The change of the registry of which the last round was made.
  std::int64_t made_of_change() const { return change_; }

 private:
  // Of what the parts of a version were made.
  struct Origin {
    std::int64_t change = 0;
    std::optional<Bytes> certificate;
    bool operator==(const Origin&) const = default;
  };
  struct Version {
    explicit Version(globalconf::VersionPublisher its_publisher) : publisher(std::move(its_publisher)) {}
    globalconf::VersionPublisher publisher;
    std::optional<Origin> origin;
    std::optional<TimePoint> made;
  };
  struct Round;

  Result<void> prepare(const Registry& registry, Round& round) const;
  Result<globalconf::DirectorySigner> signer_of(const Registry& registry, SourceType source, Round& round) const;
  Result<void> run_version(const Registry& registry, Version& version, Round& round) const;
  Result<void> make_parts(const Registry& registry, Version& version, Round& round) const;
  void withdraw_expired(TimePoint at) const;
  void tell(const GenerationStatus& status);
  GenerationStatus finish(const Registry& registry, const Round& round, GenerationStatus status);

  const GeneratorOptions options_;
  const OpenSigner open_signer_;
  std::vector<Version> versions_;
  std::int64_t change_ = -1;
  GenerationStatus last_;
  std::string told_;  // in the log
  TimePoint told_at_{};
};

}  // namespace causeway::centralserver
