// SPDX-License-Identifier: MIT
#include "configurationproxy/republisher.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "configurationproxy/source_watch.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/directory_file.hpp"
#include "signer/usable_key.hpp"

namespace causeway::configurationproxy {
namespace {

// A version that the source does not have is asked for again after so many rounds.
constexpr unsigned kRoundsBetweenQuestions = 10;
constexpr std::chrono::seconds kShortestKeep{600};  // of generations, as in X-Road

globalconf::ConfigurationClientOptions options_for(const ProxySettings& settings, const std::string& name,
                                                   int version) {
  return {.anchor_file = settings.instances / name / "anchor.xml",
          .directory = settings.downloads / ("V" + std::to_string(version)) / name,
          .federations = settings.federations,
          .fixed_version = version};
}

}  // namespace

// What is remembered of the source between rounds.
struct Republisher::Source {
  Source(globalconf::ConfigurationClientOptions options, globalconf::Fetcher& fetcher)
      : watch(fetcher), client(std::move(options), watch) {}

  SourceWatch watch;
  globalconf::ConfigurationClient client;
  unsigned rounds_to_skip = 0;
  bool gave_another = false;  // version than was asked for
  // The generation in use, while nothing changes.
  std::string fingerprint;
  Generation generation;
};

struct Republisher::Signing {
  std::chrono::seconds validity{};
  std::string key;
  pki::SignatureAlgorithm algorithm;
  pki::Certificate certificate;
  std::vector<Bytes> certificates;  // of all keys, this one first
};

Republisher::Republisher(const ProxySettings& settings, std::string name, globalconf::Fetcher& fetcher,
                         signer::SignerClient& signer)
    : settings_(settings),
      name_(std::move(name)),
      fetcher_(fetcher),
      signer_(signer),
      publication_(settings.published / name_) {}
Republisher::~Republisher() = default;

Republisher::Source& Republisher::source(int version) {
  auto& slot = sources_[static_cast<std::size_t>(version - globalconf::kOldestVersion)];
  if (!slot) slot = std::make_unique<Source>(options_for(settings_, name_, version), fetcher_);
  return *slot;
}

net::Task<InstanceReport> Republisher::run_round() {
  InstanceReport report{.name = name_, .attempted = {}, .fault = {}, .versions = {}};
  const auto signing = co_await prepare();
  if (!signing) report.fault = signing.error();
  for (int version = globalconf::kNewestVersion; version >= settings_.oldest_version; --version) {
    VersionReport of_version{version, true, {}, {}};
    if (signing) of_version = co_await run_version(version, *signing);
    report.versions.push_back(std::move(of_version));
  }
  for (const int version : publication_.withdraw_expired(now()))
    log::error("{}: version {} has expired and is not published any more", name_, version);
  if (signing) publication_.delete_old_generations(std::max(signing->validity, kShortestKeep), now());
  for (VersionReport& version : report.versions) version.expires = publication_.expires(version.version);
  if (signing && std::ranges::none_of(report.versions, &VersionReport::given)) {
    report.fault = globalconf::configuration_fault(globalconf::kConnectionFailure, "the source gives no version");
    for (const auto& known : sources_)
      if (known) known->rounds_to_skip = 0;
  }
  if (report.fault) log::error("{}: {} ({})", name_, report.fault->text, report.fault->code);
  report.attempted = now();
  co_return report;
}

net::Task<Result<Republisher::Signing>> Republisher::prepare() {
  const auto instance = InstanceConfiguration::load(settings_.instances, name_);
  if (!instance) co_return instance.error();
  const auto validity = instance->validity();
  if (!validity) co_return validity.error();
  if (!instance->active_key()) co_return malformed_configuration("the instance has no active signing key: add one");
  const std::string& key = *instance->active_key();
  const auto certificate = instance->certificate(key);
  if (!certificate) co_return certificate.error();
  const auto tokens = co_await signer_.tokens();
  if (!tokens) co_return tokens.error();
  const auto info = signer::usable_key(*tokens, key);
  if (!info) co_return info.error();
  Signing signing{
      *validity, key, {signer::scheme_of(*info), settings_.signature_digest}, *certificate, {certificate->der()}};
  for (const std::string& other : instance->keys()) {
    if (other == key) continue;
    const auto inactive = instance->certificate(other);
    // Publishing goes on: the one that signs is there. Who waits for the other hears of it here.
    if (!inactive) log::error("{}: {}", name_, inactive.error().text);
    if (inactive) signing.certificates.push_back(inactive->der());
  }
  co_return signing;
}

net::Task<VersionReport> Republisher::run_version(int version, const Signing& signing) {
  VersionReport report{version, true, {}, {}};
  Source& from = source(version);
  if (from.rounds_to_skip > 0) {
    --from.rounds_to_skip;
    report.given = false;
    co_return report;
  }
  from.watch.reset();
  from.gave_another = false;
  const auto done = co_await republish(version, from, signing);
  if (done) co_return report;
  if (from.watch.not_given() || from.gave_another) {
    report.given = false;
    // What was there a moment ago may be back the next.
    if (!publication_.expires(version)) from.rounds_to_skip = kRoundsBetweenQuestions;
    log::info("{}: the source has no version {}", name_, version);
    co_return report;
  }
  report.fault = done.error();
  log::error("{}: version {} is not published anew: {} ({})", name_, version, report.fault->text, report.fault->code);
  co_return report;
}

net::Task<Result<void>> Republisher::republish(int version, Source& from, const Signing& signing) {
  const auto cycle = co_await from.client.run_cycle();
  if (!cycle) co_return cycle.error();
  // A source that heeds no query gives the same version every time.
  from.gave_another = cycle->own.version != version;
  if (from.gave_another)
    co_return globalconf::configuration_fault(globalconf::kHeaderFieldWrongValue,
                                              "the source gave version " + std::to_string(cycle->own.version));
  const TimePoint at = now();
  const globalconf::ConfigurationDirectory stored(settings_.downloads / ("V" + std::to_string(version)) / name_);
  const auto downloaded = downloaded_parts(stored, version, signing.validity, at);
  if (!downloaded) co_return downloaded.error();
  const GenerationOptions options{.proxy_instance = name_,
                                  .target = publication_.folder(),
                                  .version = version,
                                  .address = settings_.address,
                                  .certificates = signing.certificates,
                                  .hash = settings_.part_hash};
  const auto generation = generation_of(from, options, *downloaded, at);
  if (!generation) co_return generation.error();
  const globalconf::SignedDirectory directory{downloaded->expires, std::to_string(version), generation->parts};
  const auto document = co_await sign(directory, signing);
  if (!document) co_return document.error();
  if (auto readable = globalconf::check_readable(*document, directory, signing.certificate, at); !readable)
    co_return readable;
  if (auto replaced = publication_.replace_directory(version, *document); !replaced) co_return replaced;
  publication_.touch_generation(generation->name, at);
  co_return Result<void>();
}

Result<Generation> Republisher::generation_of(Source& from, const GenerationOptions& options,
                                              const DownloadedParts& downloaded, TimePoint at) const {
  // A country's parts are large: while they are the same, only the directory is made anew.
  std::string fingerprint = fingerprint_of(options, downloaded);
  std::error_code error;
  if (fingerprint == from.fingerprint && std::filesystem::exists(options.target / from.generation.name, error))
    return from.generation;
  auto made = make_generation(options, downloaded, at);
  if (!made) return made;
  from.fingerprint = std::move(fingerprint);
  from.generation = *made;
  return made;
}

net::Task<Result<std::string>> Republisher::sign(const globalconf::SignedDirectory& directory, const Signing& signing) {
  const globalconf::DirectoryDraft draft(directory);
  std::vector<Bytes> digests{pki::digest(signing.algorithm.digest, as_bytes(draft.signed_data()))};
  const auto signatures = co_await signer_.sign(signing.key, signing.algorithm, std::move(digests));
  if (!signatures) co_return signatures.error();
  co_return draft.seal(signatures->front(), signing.certificate, signing.algorithm, settings_.part_hash);
}

}  // namespace causeway::configurationproxy
