// SPDX-License-Identifier: MIT
#include "globalconf/configuration_client.hpp"

#include <algorithm>

#include "base/file_reader.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "globalconf/image_file.hpp"
#include "globalconf/image_writer.hpp"
#include "globalconf/optional_parts.hpp"
#include "globalconf/private_parameters.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAnchorLimit = std::size_t{4} << 20;
constexpr int kHttpOk = 200;
constexpr int kHttpNotFound = 404;
// What clocks that are set by NTP differ by, and answers take, is much less.
constexpr std::chrono::seconds kClockTolerance{60};

// The cause's own name stays where it has a meaning of its own for the caller.
Fault download_fault(std::string_view code, std::string_view url, const Fault& cause) {
  const std::string_view kept = cause.code == "unknown_host" ? std::string_view(cause.code) : code;
  return configuration_fault(kept, std::string(url) + ": " + cause.text);
}

Fault status_fault(std::string_view code, std::string_view url, int status) {
  return configuration_fault(code, std::string(url) + " answered with HTTP status " + std::to_string(status));
}

// Says nothing of what a source has: another address of the same one may lead to it.
bool is_unreachable(const Fault& why) {
  return why.code == kConnectionFailure || why.code == kGetVersionFailed || why.code == "unknown_host";
}

// "2 h 5 min"
std::string in_words(std::chrono::seconds time) {
  const auto minutes = std::chrono::round<std::chrono::minutes>(time).count();
  return minutes < 60 ? std::to_string(minutes) + " min"
                      : std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

bool is_parameters(std::string_view identifier) {
  return identifier == kPrivateParametersId || identifier == kSharedParametersId;
}

// io_error; of a file that is perhaps too large to hold.
Result<Bytes> digest_of(const fs::path& path, pki::DigestAlgorithm algorithm) {
  auto file = FileReader::open(path);
  if (!file) return std::move(file).error();
  std::vector<char> piece(std::size_t{64} << 10);
  pki::Hasher hasher(algorithm);
  for (;;) {
    const auto count = file->read(piece);
    if (!count) return count.error();
    hasher.update(as_bytes(std::string_view(piece.data(), *count)));
    if (*count < piece.size()) return hasher.finish();
  }
}

// The name a part is stored under; nullopt when it would be another part's, or no name.
std::optional<std::string> stored_name(const DirectoryPart& part) {
  if (part.content_identifier == kPrivateParametersId) return std::string(kPrivateParametersFile);
  if (part.content_identifier == kSharedParametersId) return std::string(kSharedParametersFile);
  std::string_view name = part.file_name ? std::string_view(*part.file_name) : std::string_view(part.location);
  name = name.substr(0, name.find_first_of("?#"));
  if (const std::size_t slash = name.find_last_of('/'); slash != std::string_view::npos) name = name.substr(slash + 1);
  const bool usable = !name.empty() && name != "." && name != ".." && name.find('\0') == std::string_view::npos &&
                      name.size() <= 200 && !name.ends_with(".metadata") && name != kPrivateParametersFile &&
                      name != kSharedParametersFile;
  return usable ? std::optional<std::string>(name) : std::nullopt;
}

std::vector<Anchor> partners_in(std::string_view xml, int version, std::string_view own_instance) {
  auto parameters = read_private_parameters(xml, version);
  if (!parameters) {
    log::error("Cannot read the private parameters: {}", parameters.error().text);
    return {};
  }
  // An anchor of the own instance among its partners would replace the own sources.
  std::erase_if(parameters->partners, [&](const Anchor& partner) { return partner.instance == own_instance; });
  return std::move(parameters->partners);
}

}  // namespace

ConfigurationClient::ConfigurationClient(ConfigurationClientOptions options, Fetcher& fetcher, Shuffle shuffle)
    : options_(std::move(options)), fetcher_(fetcher), shuffle_(std::move(shuffle)), directory_(options_.directory) {}

Result<void> ConfigurationClient::read_anchor_file() {
  std::error_code error;
  if (!fs::exists(options_.anchor_file, error))
    return configuration_fault(kAnchorFileNotFound, "There is no anchor " + options_.anchor_file.string());
  auto text = read_file(options_.anchor_file, kAnchorLimit);
  if (!text) return configuration_fault(kMalformedAnchor, text.error().text);
  if (anchor_text_ == *text) return {};
  auto anchor = read_anchor(*text);
  if (!anchor) return anchor.error().while_doing(options_.anchor_file.string());
  if (auto saved = directory_.save_own_instance(anchor->instance); !saved) return saved;
  anchor_ = *std::move(anchor);
  anchor_text_ = *std::move(text);
  return {};
}

net::Task<Result<CycleReport>> ConfigurationClient::run_cycle(TimePoint at) {
  if (auto read = read_anchor_file(); !read) co_return std::move(read).error();
  CycleReport report;
  auto own = co_await update(*anchor_, true, at);
  if (!own) co_return std::move(own).error();
  if (own->fault) co_return *own->fault;
  report.own = *std::move(own);
  if (options_.delete_other_instances) {
    std::set<std::string> keep = partner_names();
    keep.insert(anchor_->instance);
    report.deleted = directory_.delete_other_instances(keep);
    for (const std::string& name : report.deleted)
      log::info("Deleted the configuration of {}, no longer federated", name);
  }
  const std::vector<Anchor> federated = partners();
  for (const Anchor& partner : federated) {
    if (!options_.federations.allows(partner.instance)) continue;
    auto source = co_await update(partner, false, at);
    if (!source) co_return std::move(source).error();
    report.federated.push_back(*std::move(source));
  }
  co_return report;
}

net::Task<Result<std::vector<std::string>>> ConfigurationClient::validate(Anchor anchor, AnchorUse use, TimePoint at) {
  SourceReport report;
  Wanted wanted{anchor.instance, true, false};
  auto found = co_await download(std::move(anchor), std::move(wanted), report, at);
  if (!found) co_return std::move(found).error();
  std::vector<std::string> identifiers;
  for (const PartFile& file : found->files) identifiers.push_back(file.part.content_identifier);
  const bool has_private = std::find(identifiers.begin(), identifiers.end(), kPrivateParametersId) != identifiers.end();
  if (use == AnchorUse::internal_source && !has_private)
    co_return configuration_fault(kMissingPrivateParameters, "The source has no private parameters: it is external");
  if (use == AnchorUse::external_source && has_private)
    co_return configuration_fault(kAnchorNotForExternalSource, "The source has private parameters: it is internal");
  co_return identifiers;
}

net::Task<Result<SourceReport>> ConfigurationClient::update(Anchor anchor, bool own, TimePoint at) {
  SourceReport report;
  report.instance = anchor.instance;
  Wanted wanted{anchor.instance, own, true};
  auto found = co_await download(std::move(anchor), std::move(wanted), report, at);
  if (!found) {
    report.fault = std::move(found).error();
    log::error("Configuration of {}: {}", report.instance, report.fault->text);
    co_return report;
  }
  if (own) drop_strangers(*found);
  if (auto stored = store(*found, report.instance, report); !stored)
    report.fault = configuration_fault(kPartSaveFailure, stored.error().text);
  co_return report;
}

std::vector<DownloadLocation> ConfigurationClient::locations_of(const Anchor& anchor) {
  const fs::path file = directory_.file(anchor.instance, kSharedParametersFile);
  const FileStamp stamp = FileStamp::of(file);
  StoredSources& known = stored_sources_[anchor.instance];
  if (known.stamp != stamp) {
    known = {stamp, {}};
    auto metadata = ConfigurationDirectory::metadata_of(file);
    std::error_code error;
    if (metadata && fs::exists(file, error)) {
      auto image = load_image(file, options_.part_limit, metadata->version_number());
      auto shared =
          image ? read_shared_parameters(image->settings(), image->version()) : Result<SharedParameters>(image.error());
      // A damaged file must not stand in the way of its replacement.
      if (shared) {
        known.sources = std::move(shared->sources);
      } else {
        log::warn("{}: {}", file.string(), shared.error().text);
      }
    }
  }
  return download_locations(anchor, known.sources, shuffle_);
}

net::Task<Result<ConfigurationClient::Download>> ConfigurationClient::download(Anchor anchor, Wanted wanted,
                                                                               SourceReport& report, TimePoint at) {
  std::vector<DownloadLocation> locations =
      wanted.stored ? locations_of(anchor) : download_locations(anchor, {}, shuffle_);
  const auto success = wanted.stored ? successes_.find(anchor.instance) : successes_.end();
  bool first_worked_before = false;
  if (success != successes_.end()) {
    const auto same = std::find_if(locations.begin(), locations.end(),
                                   [&](const DownloadLocation& known) { return known.url == success->second.url; });
    if (same != locations.end()) {
      DownloadLocation again{success->second.versioned, same->verification_certificates};
      locations.insert(locations.begin(), std::move(again));
      first_worked_before = true;
    }
  }
  if (locations.empty())
    co_return configuration_fault(kConnectionFailure, "The anchor of " + anchor.instance + " names no usable address");
  std::optional<Fault> told;  // by a source that answered, or else the last
  bool answered = false;
  std::string failures;
  for (std::size_t i = 0; i < locations.size(); ++i) {
    const bool again = i == 0 && first_worked_before;
    const std::string base = again ? success->second.url : locations[i].url;
    report.url = locations[i].url;
    auto found = co_await download_from(locations[i], wanted, at);
    if (found) {
      report.url = found->location.url;
      report.version = found->directory.version_number();
      report.expires = found->directory.expires;
      if (wanted.stored) successes_[anchor.instance] = {base, report.url};
      co_return found;
    }
    const Fault why = std::move(found).error();
    failures += (failures.empty() ? "" : "; ") + why.text;
    log::warn("Configuration of {}: {} ({})", anchor.instance, why.text, why.code);
    if (!answered) told = why;
    answered = answered || !is_unreachable(why);
    if (again) successes_.erase(anchor.instance);
  }
  told->text = std::move(failures);
  co_return *std::move(told);
}

net::Task<Result<ConfigurationClient::Download>> ConfigurationClient::download_from(DownloadLocation location,
                                                                                    Wanted wanted, TimePoint at) {
  auto document = co_await fetch_directory(location);
  if (!document) co_return std::move(document).error();
  auto directory = open_signed_directory(as_text(*document), location.verification_certificates, at);
  if (!directory) {
    Fault why = directory.error().while_doing(location.url);
    if (why.code == kOutdated && !clock_trouble_.empty()) why.text += ", and " + clock_trouble_;
    co_return why;
  }
  if (directory->version_number() == 0)
    co_return configuration_fault(kHeaderFieldWrongValue,
                                  location.url + ": unknown configuration version " + directory->version.value_or(""));
  auto files = select(*directory, wanted);
  if (!files) co_return files.error().while_doing(location.url);
  for (PartFile& file : *files) {
    if (wanted.stored && is_stored(file)) continue;
    auto fetched = co_await fetch_part(location, file, wanted.stored);
    if (!fetched) co_return std::move(fetched).error();
    if (auto checked = check_content(file, directory->version_number()); !checked)
      co_return checked.error().while_doing(location.url);
  }
  co_return Download{std::move(location), *std::move(directory), *std::move(files)};
}

net::Task<Result<Bytes>> ConfigurationClient::fetch_directory(DownloadLocation& location) {
  std::vector<std::string> candidates;
  if (has_version(location.url)) {
    candidates.push_back(location.url);
  } else if (options_.fixed_version) {
    candidates.push_back(with_version(location.url, *options_.fixed_version));
  } else {
    for (auto version = kVersions.rbegin(); version != kVersions.rend(); ++version)
      candidates.push_back(with_version(location.url, *version));
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto answer = co_await fetcher_.get(candidates[i], options_.directory_limit);
    if (!answer)
      co_return download_fault(i == 0 ? kConnectionFailure : kGetVersionFailed, candidates[i], answer.error());
    compare_clocks(*answer, candidates[i]);
    const bool last = i + 1 == candidates.size();
    if (answer->status == kHttpNotFound && !last) continue;  // this version is not served
    if (answer->status != kHttpOk) co_return status_fault(kConnectionFailure, candidates[i], answer->status);
    location.url = candidates[i];
    co_return std::move(answer->body);
  }
  co_return configuration_fault(kGetVersionFailed, location.url + " has no version");
}

void ConfigurationClient::compare_clocks(const FetchedDocument& answer, const std::string& url) {
  if (!answer.date) return;
  // In seconds before they are subtracted: nanoseconds between centuries are more than a number holds.
  using std::chrono::floor, std::chrono::seconds;
  clock_ahead_ = floor<seconds>(now()) - floor<seconds>(*answer.date);
  std::string trouble;
  if (std::chrono::abs(*clock_ahead_) > kClockTolerance)
    trouble = "the clock here is " + in_words(std::chrono::abs(*clock_ahead_)) +
              (clock_ahead_->count() > 0 ? " ahead of" : " behind") + " that of " + url.substr(0, url.find('?'));
  if (trouble == clock_trouble_) return;
  if (trouble.empty())
    log::info("the clock here agrees with that of {}", url);
  else
    log::warn("{}: one of them is wrong", trouble);
  clock_trouble_ = std::move(trouble);
}

net::Task<Result<void>> ConfigurationClient::fetch_part(const DownloadLocation& location, PartFile& file,
                                                        bool to_disk) {
  const DirectoryPart& part = file.part;
  const auto url = resolve_location(location.url, part.location);
  if (!url) co_return configuration_fault(kPartDownloadFailure, "Unusable location of a part: " + part.location);
  Bytes digest;
  if (to_disk && part.content_identifier == kSharedParametersId) {
    auto draft = PartDraft::open(file.file, part.hash_algorithm);
    if (!draft) co_return configuration_fault(kPartSaveFailure, draft.error().text);
    file.draft = std::make_shared<PartDraft>(*std::move(draft));
    const auto status =
        co_await fetcher_.get_into(*url, options_.part_limit, [&](ByteView bytes) { return file.draft->write(bytes); });
    if (!status) co_return download_fault(kPartDownloadFailure, *url, status.error());
    if (*status != kHttpOk) co_return status_fault(kPartDownloadFailure, *url, *status);
    auto finished = file.draft->finish();
    if (!finished) co_return configuration_fault(kPartSaveFailure, finished.error().text);
    digest = *std::move(finished);
  } else {
    auto answer = co_await fetcher_.get(*url, options_.part_limit);
    if (!answer) co_return download_fault(kPartDownloadFailure, *url, answer.error());
    if (answer->status != kHttpOk) co_return status_fault(kPartDownloadFailure, *url, answer->status);
    digest = pki::digest(part.hash_algorithm, answer->body);
    file.content = to_text(answer->body);
  }
  if (digest != part.hash)
    co_return configuration_fault(kPartIntegrityFailure, *url + " is not what the directory says it is");
  co_return Result<void>();
}

Result<std::vector<ConfigurationClient::PartFile>> ConfigurationClient::select(const SignedDirectory& directory,
                                                                               const Wanted& wanted) const {
  std::vector<PartFile> files;
  std::set<fs::path> names;
  bool shared = false;
  for (const DirectoryPart& part : directory.parts) {
    const bool is_shared = part.content_identifier == kSharedParametersId;
    const bool is_its_own = part.instance == wanted.instance;
    if (wanted.own && part.content_identifier == kPrivateParametersId && !is_its_own)
      return configuration_fault(kInvalidInstanceIdentifier,
                                 "The private parameters are of " + part.instance + ", not of " + wanted.instance);
    // Of others only the own source tells, as configuration proxies do for allowed partners.
    const bool taken =
        is_its_own ? wanted.own || is_shared : wanted.own && is_shared && options_.federations.allows(part.instance);
    if (!taken) {
      log::debug("Configuration of {}: passed over {} of {}", wanted.instance, part.content_identifier, part.instance);
      continue;
    }
    const auto name = stored_name(part);
    if (!name || !names.insert(directory_.file(part.instance, *name)).second)
      return configuration_fault(kHeaderFieldWrongValue, "The part " + part.content_identifier + " at " +
                                                             part.location + " has no file name of its own");
    shared = shared || (is_shared && is_its_own);
    PartMetadata metadata{part.content_identifier, part.instance, directory.expires,
                          part.file_name,          part.location, directory.version};
    files.push_back({part, directory_.file(part.instance, *name), std::move(metadata), std::nullopt, nullptr, {}});
  }
  if (!shared)
    return configuration_fault(kInvalidInstanceIdentifier,
                               "The shared parameters of " + wanted.instance + " are missing");
  return files;
}

Result<void> ConfigurationClient::check_content(PartFile& file, int version) const {
  const auto check = [&](const auto& parameters) -> Result<void> {
    if (!parameters) return parameters.error().while_doing(file.part.location);
    if (parameters->instance == file.part.instance) return {};
    return configuration_fault(kInvalidInstanceIdentifier, file.part.location + " is of " + parameters->instance +
                                                               ", not of " + file.part.instance);
  };
  if (file.draft) {
    std::error_code unknown;
    const auto octets = fs::file_size(file.draft->path(), unknown);
    ImageWriter writer(unknown ? 0 : static_cast<std::size_t>(octets));
    const auto settings = read_shared_parameters_file(file.draft->path(), options_.part_limit, version, writer);
    auto checked = check(settings);
    if (checked) file.image = writer.finish(*settings, version);
    return checked;
  }
  if (file.part.content_identifier == kPrivateParametersId)
    return check(read_private_parameters(*file.content, version));
  if (file.part.content_identifier == kSharedParametersId) return check(read_shared_parameters(*file.content, version));
  return {};
}

bool ConfigurationClient::is_stored(const PartFile& file) {
  const FileStamp stamp = FileStamp::of(file.file);
  if (stamp == FileStamp{}) return false;
  // Checked once by the version it came with; another version is another schema.
  const auto metadata = ConfigurationDirectory::metadata_of(file.file);
  if (!metadata ||
      (is_parameters(file.part.content_identifier) && metadata->version_number() != file.metadata.version_number()))
    return false;
  const pki::DigestAlgorithm algorithm = file.part.hash_algorithm;
  const auto known = stored_digests_.find(file.file);
  if (known != stored_digests_.end() && known->second.stamp == stamp && known->second.algorithm == algorithm)
    return known->second.digest == file.part.hash;
  auto digest = digest_of(file.file, algorithm);
  if (!digest) return false;
  const bool same = *digest == file.part.hash;
  stored_digests_.insert_or_assign(file.file, StoredDigest{stamp, algorithm, *std::move(digest)});
  return same;
}

void ConfigurationClient::drop_strangers(Download& found) const {
  const auto is_private = [](const PartFile& file) { return file.part.content_identifier == kPrivateParametersId; };
  const auto file = std::find_if(found.files.begin(), found.files.end(), is_private);
  std::set<std::string> named{anchor_->instance};
  if (file != found.files.end()) {
    auto xml = file->content ? Result<std::string>(*file->content) : read_file(file->file, options_.part_limit);
    if (xml)
      for (const Anchor& partner : partners_in(*xml, found.directory.version_number(), anchor_->instance))
        named.insert(partner.instance);
  }
  std::erase_if(found.files, [&](const PartFile& part) { return !named.contains(part.part.instance); });
}

Result<void> ConfigurationClient::store(Download& found, std::string_view instance, SourceReport& report) {
  std::set<fs::path> kept;
  for (PartFile& file : found.files) {
    if (auto saved = store(file); !saved) return saved;
    ++(file.is_new() ? report.stored : report.refreshed);
    if (file.is_new()) log::info("Stored {} from {}", file.file.string(), found.location.url);
    if (file.part.instance == instance) kept.insert(file.file);
  }
  directory_.delete_other_files(instance, kept);
  return {};
}

Result<void> ConfigurationClient::store(PartFile& file) {
  if (file.content) return directory_.save(file.file, *file.content, file.metadata);
  if (!file.draft) return directory_.save_metadata(file.file, file.metadata);
  // The image first: who sees the new document finds it. Without it the document is read.
  if (auto saved = save_image(std::move(file.image), file.draft->path(), file.file); !saved)
    log::warn("{}", saved.error().text);
  if (auto placed = file.draft->put_in_place(); !placed) return placed;
  stored_digests_.insert_or_assign(file.file,
                                   StoredDigest{FileStamp::of(file.file), file.part.hash_algorithm, file.part.hash});
  return directory_.save_metadata(file.file, file.metadata);
}

std::vector<Anchor> ConfigurationClient::partners() const {
  const fs::path file = directory_.file(anchor_->instance, kPrivateParametersFile);
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  const auto metadata = ConfigurationDirectory::metadata_of(file);
  const auto xml = read_file(file, options_.part_limit);
  if (!metadata || !xml) return {};
  return partners_in(*xml, metadata->version_number(), anchor_->instance);
}

std::set<std::string> ConfigurationClient::partner_names() const {
  std::set<std::string> names;
  for (const Anchor& partner : partners())
    if (options_.federations.allows(partner.instance)) names.insert(partner.instance);
  return names;
}

}  // namespace causeway::globalconf
