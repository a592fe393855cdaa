// SPDX-License-Identifier: MIT
#include "globalconf/loaded_view.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/image_file.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSharedLimit = std::size_t{1} << 30;
constexpr std::size_t kSmallPartLimit = std::size_t{4} << 20;
constexpr std::size_t kLongestChain = 10;

Fault malformed(const fs::path& file, const Fault& cause) {
  return fault(FaultCode::malformed_global_conf, file.string() + ": " + cause.text);
}

// Reads and decodes an optional part, if it is there. One that cannot be read leaves the
// default in force: it must not take the whole configuration with it.
template <class Read, class Value>
void read_part_if(const fs::path& file, Read read, Value& value) {
  std::error_code error;
  if (!fs::exists(file, error)) return;
  auto xml = read_file(file, kSmallPartLimit);
  if (!xml) return log::error("Global configuration: {}", xml.error().text);
  auto part = read(*xml);
  if (!part) return log::error("Global configuration: {}: {}", file.string(), part.error().text);
  value = *std::move(part);
}

}  // namespace

FileStamp FileStamp::of(const fs::path& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return {};
  return {info.st_ino, static_cast<std::uint64_t>(info.st_size),
          info.st_ctim.tv_sec * std::int64_t{1'000'000'000} + info.st_ctim.tv_nsec};
}

Result<std::shared_ptr<const LoadedView>> LoadedView::load(const ConfigurationDirectory& directory,
                                                           const LoadedView* before, TimePoint at) {
  auto view = std::make_shared<LoadedView>();
  if (auto done = view->read(directory, before, at); !done) return std::move(done).error();
  return std::shared_ptr<const LoadedView>(std::move(view));
}

Result<void> LoadedView::read(const ConfigurationDirectory& directory, const LoadedView* before, TimePoint at) {
  auto own = directory.own_instance();
  if (!own) return fault(FaultCode::malformed_global_conf, own.error().text);
  own_instance_ = *std::move(own);
  const fs::path own_folder = directory.folder(own_instance_);
  for (const fs::path& folder : directory.folders()) {
    auto done = read_shared(folder, before, at);
    if (!done && folder == own_folder) return done;
    if (!done) log::warn("Global configuration: left out {}", done.error().text);
  }
  if (find(own_instance_) == nullptr)
    return fault(FaultCode::malformed_global_conf,
                 directory.file(own_instance_, kSharedParametersFile).string() + ": there is none of this instance");
  if (auto done = read_private(directory); !done) return done;
  read_optional_parts(directory);
  index_certificates();
  return {};
}

Result<void> LoadedView::read_shared(const fs::path& folder, const LoadedView* before, TimePoint at) {
  const fs::path file = folder / kSharedParametersFile;
  Part part;
  part.stamp = FileStamp::of(file);
  if (part.stamp == FileStamp{}) return {};
  auto metadata = ConfigurationDirectory::metadata_of(file);
  if (!metadata) return std::move(metadata).error();
  part.expires = metadata->expires;

  if (before != nullptr) {
    for (const auto& [name, known] : before->parts_)
      if (known.stamp == part.stamp && known.instance->version() == metadata->version_number())
        part.instance = known.instance;
  }
  if (!part.instance) {
    auto image = load_image(file, kSharedLimit, metadata->version_number());
    if (!image) return malformed(file, image.error());
    auto instance = Instance::make(*std::move(image));
    if (!instance) return malformed(file, instance.error());
    part.instance = *std::move(instance);
    ++opened_;
  }
  const std::string& name = part.instance->settings().instance;
  // An instance must not speak for another one.
  if (folder_name(name) != folder.filename().string())
    return malformed(file, {"", "it is of instance '" + name + "', which belongs in another folder"});
  if (name != own_instance_ && metadata->expired(at)) {
    log::warn("Global configuration of {} expired on {}", name, to_iso_seconds(*part.expires));
    return {};
  }
  parts_.insert_or_assign(name, std::move(part));
  return {};
}

Result<void> LoadedView::read_private(const ConfigurationDirectory& directory) {
  const fs::path file = directory.file(own_instance_, kPrivateParametersFile);
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  auto metadata = ConfigurationDirectory::metadata_of(file);
  if (!metadata) return std::move(metadata).error();
  auto xml = read_file(file, kSmallPartLimit);
  if (!xml) return malformed(file, xml.error());
  auto parameters = read_private_parameters(*xml, metadata->version_number());
  if (!parameters) return malformed(file, parameters.error());
  if (parameters->instance != own_instance_)
    return malformed(file, {"", "it is of instance '" + parameters->instance + "'"});
  private_ = *std::move(parameters);
  private_expires_ = metadata->expires;
  return {};
}

void LoadedView::read_optional_parts(const ConfigurationDirectory& directory) {
  const auto file = [&](std::string_view name) { return directory.file(own_instance_, name); };
  read_part_if(file(kMonitoringFile), read_monitoring_client, monitoring_client_);
  read_part_if(file(kFetchIntervalFile), read_ocsp_fetch_interval, ocsp_fetch_interval_);
  read_part_if(file(kNextUpdateFile), read_verify_next_update, verify_next_update_);
}

void LoadedView::index_certificates() {
  auth_hash_ = version_of(own_instance_) >= kSha256Since ? pki::DigestAlgorithm::sha256 : pki::DigestAlgorithm::sha1;
  for (const auto& [name, part] : parts_) {
    const std::span<const ServerEntry> servers = part.instance->servers();
    for (std::size_t i = 0; i < servers.size(); ++i) {
      for (const std::string_view hash : part.instance->authentication_hashes(i)) {
        // No other instance takes over a certificate of the own one.
        if (name == own_instance_)
          servers_by_auth_hash_.insert_or_assign(hash, &servers[i]);
        else
          servers_by_auth_hash_.emplace(hash, &servers[i]);
      }
    }
    for (const pki::ApprovedCa& ca : part.instance->cas()) {
      ca_certificates_.push_back(ca.certificate);
      ocsp_signers_.insert(ocsp_signers_.end(), ca.ocsp_responders.begin(), ca.ocsp_responders.end());
    }
  }
  ocsp_signers_.insert(ocsp_signers_.end(), ca_certificates_.begin(), ca_certificates_.end());
}

const Instance* LoadedView::find(std::string_view instance) const {
  const auto found = parts_.find(instance);
  return found == parts_.end() ? nullptr : found->second.instance.get();
}

const pki::ApprovedCa* LoadedView::issuer_of(std::string_view instance, const pki::Certificate& certificate) const {
  const Instance* const known = find(instance);
  return known == nullptr ? nullptr : known->issuer_of(certificate);
}

const pki::ApprovedCa* LoadedView::issuer_of(const pki::Certificate& certificate) const {
  if (const pki::ApprovedCa* own = issuer_of(own_instance_, certificate)) return own;
  for (const auto& [name, part] : parts_)
    if (const pki::ApprovedCa* ca = part.instance->issuer_of(certificate)) return ca;
  return nullptr;
}

std::vector<pki::Certificate> LoadedView::ocsp_signer_candidates() const { return ocsp_signers_; }

pki::OcspPolicy LoadedView::ocsp_policy() const {
  return {find(own_instance_)->settings().ocsp_freshness, verify_next_update_};
}

Result<void> LoadedView::check_valid(TimePoint at) const {
  const auto outdated = [](std::string text) { return fault(FaultCode::global_conf_outdated, std::move(text)); };
  if (!private_) return outdated("The private parameters of the global configuration are missing");
  if (private_expires_ && *private_expires_ < at)
    return outdated("The private parameters of the global configuration expired on " +
                    to_iso_seconds(*private_expires_));
  const auto& shared_expires = parts_.find(own_instance_)->second.expires;
  if (shared_expires && *shared_expires < at)
    return outdated("The shared parameters of the global configuration expired on " + to_iso_seconds(*shared_expires));
  return {};
}

std::vector<std::string> LoadedView::instances() const {
  std::vector<std::string> names;
  for (const auto& [name, part] : parts_) names.push_back(name);
  return names;
}

std::vector<const ServerEntry*> LoadedView::servers_of(const ClientId& provider) const {
  const Instance* const instance = find(provider.instance());
  return instance == nullptr ? std::vector<const ServerEntry*>{} : instance->servers_of(provider);
}

const ServerEntry* LoadedView::server(const ServerId& id) const {
  const Instance* const instance = find(id.owner().instance());
  return instance == nullptr ? nullptr : instance->server(id);
}

const ServerEntry* LoadedView::server_by_auth_certificate(const pki::Certificate& certificate) const {
  const Bytes digest = pki::digest(auth_hash_, certificate.der());
  const auto found = servers_by_auth_hash_.find(as_text(digest));
  return found == servers_by_auth_hash_.end() ? nullptr : found->second;
}

bool LoadedView::serves(const ServerEntry& server, const ClientId& client) const {
  const Instance* const instance = find(client.instance());
  return instance != nullptr && server.id.owner().instance() == client.instance() && instance->serves(server, client);
}

bool LoadedView::in_global_group(const GlobalGroupId& group, const ClientId& client) const {
  const Instance* const instance = find(group.instance);
  return instance != nullptr && instance->in_global_group(group.code, client);
}

std::vector<MemberEntry> LoadedView::members(std::string_view instance) const {
  const Instance* const known = find(instance);
  return known == nullptr ? std::vector<MemberEntry>() : known->members();
}

std::vector<pki::Certificate> LoadedView::chain_of(const pki::Certificate& leaf, std::string_view instance) const {
  std::vector<pki::Certificate> chain{leaf};
  const pki::ApprovedCa* issuer = issuer_of(instance, leaf);
  while (issuer != nullptr && !issuer->certificate.self_signed() && chain.size() < kLongestChain) {
    const pki::ApprovedCa* const next = issuer_of(instance, issuer->certificate);
    if (next == nullptr) break;  // the topmost CA that is known stands for the root
    chain.push_back(issuer->certificate);
    issuer = next;
  }
  return chain;
}

std::vector<pki::Certificate> LoadedView::all_cas() const { return ca_certificates_; }

const InstanceSettings* LoadedView::settings(std::string_view instance) const {
  const Instance* const known = find(instance);
  return known == nullptr ? nullptr : &known->settings();
}

int LoadedView::version_of(std::string_view instance) const {
  const Instance* const known = find(instance);
  return known == nullptr ? 0 : known->version();
}

bool LoadedView::has_client(const ClientId& id) const {
  const Instance* const instance = find(id.instance());
  return instance != nullptr && instance->has_client(id);
}

std::vector<const ServerEntry*> LoadedView::servers(std::string_view instance) const {
  std::vector<const ServerEntry*> found;
  if (const Instance* const known = find(instance))
    for (const ServerEntry& entry : known->servers()) found.push_back(&entry);
  return found;
}

std::chrono::seconds LoadedView::timestamping_interval() const {
  return private_ ? private_->timestamping_interval : View::timestamping_interval();
}

TimePoint LoadedView::next_foreign_expiry() const {
  TimePoint earliest = TimePoint::max();
  for (const auto& [name, part] : parts_)
    if (name != own_instance_ && part.expires) earliest = std::min(earliest, *part.expires);
  return earliest;
}

std::optional<TimePoint> LoadedView::expires() const {
  const auto& shared_expires = parts_.find(own_instance_)->second.expires;
  if (!shared_expires || !private_expires_) return shared_expires ? shared_expires : private_expires_;
  return std::min(*shared_expires, *private_expires_);
}

std::optional<TimePoint> LoadedView::expires(std::string_view instance) const {
  const auto part = parts_.find(instance);
  return part == parts_.end() ? std::nullopt : part->second.expires;
}

}  // namespace causeway::globalconf
