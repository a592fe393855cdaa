// SPDX-License-Identifier: MIT
#include "globalconf/publisher.hpp"

#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::globalconf {
namespace {

std::vector<Bytes> certificates_of(const SourceKeys& keys) {
  std::vector<Bytes> out{keys.active.certificate.der()};
  for (const pki::Certificate& certificate : keys.inactive) out.push_back(certificate.der());
  return out;
}

void keep_first(Result<void>& first, const Result<void>& done) {
  if (first && !done) first = done;
}

}  // namespace

Publisher::Publisher(PublisherOptions options, SourceKeys internal, SourceKeys external)
    : options_(std::move(options)), internal_(std::move(internal)), external_(std::move(external)) {
  for (const int version : kVersions)
    if (version >= options_.oldest_version) versions_.emplace_back(options_.docroot, version);
}

Publisher::~Publisher() {
  {
    const std::lock_guard lock(stopping_);
    stop_ = true;
  }
  wake_.notify_all();
  if (renewer_.joinable()) renewer_.join();
}

Result<void> Publisher::publish(const InstanceDescription& description, TimePoint at) {
  if (description.instance != options_.instance)
    return fault(FaultCode::malformed_global_conf,
                 "A description of " + description.instance + " is not published as " + options_.instance + "'s");
  const std::lock_guard lock(publishing_);
  Result<void> outcome;
  for (VersionPublisher& version : versions_) {
    auto parts = generate_parts(description, sources(), version.version());
    auto done = parts ? version.write_parts(*parts, description.instance, options_.part_hash, at)
                      : Result<void>(std::move(parts).error());
    if (done) done = sign(version, at);
    keep_first(outcome, done);
  }
  return outcome;
}

void Publisher::set_validity(std::chrono::seconds validity) {
  const std::lock_guard lock(publishing_);
  options_.validity = validity;
}

Result<void> Publisher::renew(TimePoint at) {
  const std::lock_guard lock(publishing_);
  Result<void> outcome;
  for (VersionPublisher& version : versions_)
    if (version.folder()) keep_first(outcome, sign(version, at));
  return outcome;
}

void Publisher::renew_periodically() {
  if (renewer_.joinable()) return;
  renewer_ = std::thread([this] {
    std::unique_lock lock(stopping_);
    while (!wake_.wait_for(lock, options_.interval, [this] { return stop_; })) {
      lock.unlock();
      if (auto renewed = renew(); !renewed) log::error("Cannot generate the configuration: {}", renewed.error().text);
      lock.lock();
    }
  });
}

Result<void> Publisher::sign(VersionPublisher& version, TimePoint at) const {
  Result<void> outcome = version.publish(SourceType::internal, internal_.active, options_.validity, at);
  keep_first(outcome, version.publish(SourceType::external, external_.active, options_.validity, at));
  version.delete_old_generations(options_.validity, at);
  return outcome;
}

std::vector<ConfigurationSource> Publisher::sources() const {
  std::vector<ConfigurationSource> sources;
  for (const std::string& address : options_.addresses)
    sources.push_back({address, certificates_of(internal_), certificates_of(external_)});
  return sources;
}

Anchor Publisher::anchor_of(SourceType source, const SourceKeys& keys, TimePoint at) const {
  Anchor anchor{at, options_.instance, {}};
  for (const std::string_view scheme : {"http://", "https://"})
    for (const std::string& address : options_.addresses)
      anchor.sources.push_back(
          {std::string(scheme) + address + "/" + std::string(directory_name(source)), certificates_of(keys)});
  return anchor;
}

Anchor Publisher::internal_anchor(TimePoint at) const { return anchor_of(SourceType::internal, internal_, at); }
Anchor Publisher::external_anchor(TimePoint at) const { return anchor_of(SourceType::external, external_, at); }

}  // namespace causeway::globalconf
