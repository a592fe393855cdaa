// SPDX-License-Identifier: MIT
#include "centralserver/configuration/generator.hpp"

#include <algorithm>
#include <array>

#include "base/files.hpp"
#include "base/free_memory.hpp"
#include "base/log.hpp"
#include "centralserver/registry/configuration_generations.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/directory_file.hpp"
#include "signer/usable_key.hpp"

namespace causeway::centralserver {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCertificateLimit = 1 << 20;
constexpr std::chrono::minutes kBetweenReminders{1};

Result<std::optional<Bytes>> read_certificate(const fs::path& file) {
  std::error_code ignored;
  if (file.empty() || !fs::exists(file, ignored)) return std::optional<Bytes>();
  const auto text = read_file(file, kCertificateLimit);
  if (!text) return text.error();
  const auto certificate = pki::Certificate::from_pem(*text);
  if (!certificate) return certificate.error().while_doing(file.string());
  return std::optional(certificate->der());
}

}  // namespace

// What all versions of one round have in common.
struct Generator::Round {
  TimePoint at;
  SystemParameters parameters = {};
  Origin origin = {};
  std::vector<SigningKey> keys = {};
  std::vector<globalconf::ConfigurationSource> sources = {};
  std::optional<signer::SignerConnection> connection = {};
  // By source: who signs; nothing where it was never given a key.
  std::map<SourceType, Result<globalconf::DirectorySigner>> signers = {};
  // Made when the first version needs it.
  std::optional<Result<globalconf::InstanceDescription>> description = {};
};

Generator::Generator(GeneratorOptions options, OpenSigner signer)
    : options_(std::move(options)), open_signer_(std::move(signer)) {
  for (const int version : globalconf::kVersions)
    if (version >= options_.oldest_version)
      versions_.emplace_back(globalconf::VersionPublisher(options_.docroot, version));
}

GenerationStatus Generator::run_round(const Registry& registry, TimePoint at) {
  Round round{.at = at};
  GenerationStatus status;
  auto prepared = prepare(registry, round);
  change_ = round.origin.change;
  if (prepared && round.parameters.instance.empty()) return last_;
  if (!prepared) status.fault = prepared.error();
  for (const auto& [source, signer] : round.signers)
    if (!signer && !status.fault)
      status.fault = signer.error().while_doing("the " + std::string(to_string(source)) + " configuration");
  for (Version& version : versions_) {
    VersionStatus of_version{.version = version.publisher.version(),
                             .fault = {},
                             .internal_expires = {},
                             .external_expires = {},
                             .parts = {},
                             .made = {}};
    if (prepared)
      if (auto done = run_version(registry, version, round); !done) of_version.fault = done.error();
    status.versions.push_back(std::move(of_version));
  }
  withdraw_expired(at);
  if (round.description) {
    round.description.reset();
    return_free_memory();  // of a large country it was a great deal
  }
  return finish(registry, round, std::move(status));
}

Result<void> Generator::prepare(const Registry& registry, Round& round) const {
  auto change = latest_change(registry);
  if (!change) return change.error();
  round.origin.change = *change;
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  round.parameters = *std::move(parameters);
  if (round.parameters.instance.empty()) return {};
  auto certificate = read_certificate(options_.registration_certificate);
  if (!certificate) return certificate.error();
  round.origin.certificate = *std::move(certificate);
  auto keys = signing_keys(registry);
  if (!keys) return keys.error();
  round.keys = *std::move(keys);
  auto sources = configuration_sources(registry, options_.ports);
  if (!sources) return sources.error();
  round.sources = *std::move(sources);
  auto connection = open_signer_();
  if (!connection) return connection.error();
  round.connection.emplace(*std::move(connection));
  for (const SourceType source : globalconf::kSourceTypes) {
    const bool used = std::ranges::any_of(
        round.keys, [&](const SigningKey& key) { return key.source == source && key.node == registry.node(); });
    // Whoever has no partners needs no key for them.
    if (used || source == SourceType::internal) round.signers.emplace(source, signer_of(registry, source, round));
  }
  return {};
}

Result<globalconf::DirectorySigner> Generator::signer_of(const Registry& registry, SourceType source,
                                                         Round& round) const {
  const auto key = std::ranges::find_if(round.keys, [&](const SigningKey& each) {
    return each.source == source && each.node == registry.node() && each.active;
  });
  if (key == round.keys.end())
    return fault(RegistryFault::no_configuration_signing_keys_configured, "there is no signing key: add one");
  auto tokens = round.connection->list_tokens();
  if (!tokens) return tokens.error();
  auto usable = signer::usable_key(*tokens, key->id);
  if (!usable) return usable.error();
  const pki::SignatureAlgorithm algorithm{signer::scheme_of(*usable), round.parameters.signature_digest};
  auto sign = [algorithm, by = signer::digest_signer(*round.connection, key->id)](ByteView data) {
    return by(algorithm, pki::digest(algorithm.digest, data));
  };
  return globalconf::DirectorySigner{key->certificate, algorithm, std::move(sign),
                                     round.parameters.signing_certificate_hash};
}

Result<void> Generator::run_version(const Registry& registry, Version& version, Round& round) const {
  if (version.origin != round.origin)
    if (auto made = make_parts(registry, version, round); !made) return made;
  Result<void> outcome;
  for (const auto& [source, signer] : round.signers) {
    auto done = signer ? version.publisher.publish(source, *signer, round.parameters.validity, round.at)
                       : Result<void>(signer.error());
    if (!done && outcome) outcome = done.error().while_doing("the " + std::string(to_string(source)) + " source");
  }
  version.publisher.delete_old_generations(round.parameters.validity, round.at);
  return outcome;
}

Result<void> Generator::make_parts(const Registry& registry, Version& version, Round& round) const {
  if (!round.description)
    round.description.emplace(describe_instance(registry, round.origin.certificate, options_.ports.registration));
  const auto& description = *round.description;
  if (!description) return description.error();
  auto parts = globalconf::generate_parts(*description, round.sources, version.publisher.version());
  if (!parts) return parts.error();
  version.origin.reset();
  auto written = version.publisher.write_parts(*parts, description->instance, round.parameters.part_hash, round.at);
  if (!written) return written;
  version.origin = round.origin;
  version.made = round.at;
  return {};
}

// Also of versions that are not made any more.
void Generator::withdraw_expired(TimePoint at) const {
  for (const int version : globalconf::kVersions)
    for (const SourceType source : globalconf::kSourceTypes) {
      const fs::path file = globalconf::VersionPublisher(options_.docroot, version).directory_file(source);
      if (globalconf::withdraw_if_expired(file, at))
        log::error("version {} of the {} configuration has expired and is not published any more", version,
                   to_string(source));
    }
}

// Loudly when something changes, and every minute while it lasts; not with every attempt.
void Generator::tell(const GenerationStatus& status) {
  std::string problems;
  if (status.fault) problems = status.fault->text + " (" + status.fault->code + ")";
  for (const VersionStatus& each : status.versions)
    if (each.fault && !status.fault)  // which all of them share
      problems += (problems.empty() ? "version " : "; version ") + std::to_string(each.version) + ": " +
                  each.fault->text + " (" + each.fault->code + ")";
  if (problems == told_ && (problems.empty() || *status.attempted - told_at_ < kBetweenReminders)) return;
  if (problems.empty())
    log::info("the configuration is published again");
  else
    log::error("the configuration is not published anew: {}", problems);
  told_ = std::move(problems);
  told_at_ = *status.attempted;
}

GenerationStatus Generator::finish(const Registry& registry, const Round& round, GenerationStatus status) {
  for (std::size_t i = 0; i < versions_.size(); ++i) {
    const Version& version = versions_[i];
    VersionStatus& told = status.versions[i];
    told.internal_expires = globalconf::expiry_of(version.publisher.directory_file(SourceType::internal));
    told.external_expires = globalconf::expiry_of(version.publisher.directory_file(SourceType::external));
    told.parts = version.publisher.folder();
    told.made = version.made;
  }
  status.attempted = round.at;
  status.succeeded = last_.succeeded;
  if (status.good()) {
    status.succeeded = round.at;
    if (auto noted = note_generation(registry, round.at); !noted)
      log::error("the registry is not told of the configuration that was made: {}", noted.error().text);
  } else {
    status.failing_since = last_.failing_since ? last_.failing_since : round.at;
  }
  tell(status);
  last_ = status;
  return status;
}

}  // namespace causeway::centralserver
