// SPDX-License-Identifier: MIT
// Downloads the configuration of one instance's source by its anchor, and publishes it again,
// signed with the instance's active key; each version by itself.
//
// What is published is only ever replaced by something newer that was verified and read back:
// while the source is away, or sends garbage, or the signer is away, the last good one stays
// until its time is up.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "configurationproxy/generation.hpp"
#include "configurationproxy/instance_configuration.hpp"
#include "configurationproxy/publication.hpp"
#include "configurationproxy/round_report.hpp"
#include "configurationproxy/settings.hpp"
#include "globalconf/configuration_client.hpp"
#include "net/task.hpp"
#include "signer/client.hpp"

namespace causeway::configurationproxy {

class Republisher {
 public:
  // All are used until it is destroyed. `name` is that of an instance.
  Republisher(const ProxySettings& settings, std::string name, globalconf::Fetcher& fetcher,
              signer::SignerClient& signer);
  ~Republisher();

  const std::string& name() const { return name_; }
  // One at a time; reads and writes files on the thread it runs on. What failed is in the report
  // and in the log.
  net::Task<InstanceReport> run_round();

 private:
  struct Source;   // of one version
  struct Signing;  // by which key a round signs

  net::Task<Result<Signing>> prepare();
  net::Task<VersionReport> run_version(int version, const Signing& signing);
  net::Task<Result<void>> republish(int version, Source& source, const Signing& signing);
  Result<Generation> generation_of(Source& source, const GenerationOptions& options, const DownloadedParts& downloaded,
                                   TimePoint at) const;
  net::Task<Result<std::string>> sign(const globalconf::SignedDirectory& directory, const Signing& signing);
  Source& source(int version);

  const ProxySettings& settings_;
  const std::string name_;
  globalconf::Fetcher& fetcher_;
  signer::SignerClient& signer_;
  const Publication publication_;
  std::array<std::unique_ptr<Source>, globalconf::kVersions.size()> sources_;
};

}  // namespace causeway::configurationproxy
