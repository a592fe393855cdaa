// SPDX-License-Identifier: MIT
#include "globalconf/publisher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/optional_parts.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInternal = "internalconf";
constexpr std::string_view kExternal = "externalconf";
constexpr std::size_t kGenerationDigits = 23;  // yyyyMMddHHmmss and nine of the nanoseconds

std::string generation_name(TimePoint at) {
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::time_t seconds = nanos / kSecond;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}{:09}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, nanos % kSecond);
}

fs::path version_folder(const fs::path& docroot, int version) { return docroot / ("V" + std::to_string(version)); }

std::vector<Bytes> certificates_of(const SourceKeys& keys) {
  std::vector<Bytes> out{keys.active.certificate.der()};
  for (const pki::Certificate& certificate : keys.inactive) out.push_back(certificate.der());
  return out;
}

}  // namespace

Publisher::Publisher(PublisherOptions options, SourceKeys internal, SourceKeys external)
    : options_(std::move(options)), internal_(std::move(internal)), external_(std::move(external)) {}

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
  std::vector<Generation> generations;
  Result<void> done;
  for (const int version : kVersions) {
    if (version < options_.oldest_version || !done) continue;
    generations.push_back({version, version_folder(options_.docroot, version) / generation_name(at), {}});
    done = write_parts(description, generations.back());
  }
  if (done) done = sign(generations, at);
  if (!done) {
    std::error_code ignored;
    for (const Generation& generation : generations) fs::remove_all(generation.folder, ignored);
    return done;
  }
  published_ = std::move(generations);
  delete_old_generations(at);
  return done;
}

void Publisher::set_validity(std::chrono::seconds validity) {
  const std::lock_guard lock(publishing_);
  options_.validity = validity;
}

Result<void> Publisher::renew(TimePoint at) {
  const std::lock_guard lock(publishing_);
  if (auto done = sign(published_, at); !done) return done;
  delete_old_generations(at);
  return {};
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

Result<void> Publisher::sign(std::span<const Generation> generations, TimePoint at) const {
  Result<void> done;
  for (const Generation& generation : generations)
    if (done) done = write_drafts(generation, at);
  std::error_code error;
  for (const Generation& generation : generations) {
    for (const std::string_view path : {kInternal, kExternal}) {
      const fs::path published = generation.folder.parent_path() / path;
      const fs::path draft = published.string() + ".tmp";
      if (done) {
        fs::rename(draft, published, error);
        if (error) done = Fault{"io_error", "cannot rename " + draft.string() + ": " + error.message()};
      }
      if (!done) fs::remove(draft, error);
    }
    // Its age is the time since a directory last named it.
    fs::last_write_time(generation.folder, fs::file_time_type::clock::from_sys(at), error);
  }
  return done;
}

Result<std::vector<Publisher::Part>> Publisher::parts_of(const InstanceDescription& description, int version) const {
  auto private_parameters = private_parameters_of(description);
  if (!private_parameters) return std::move(private_parameters).error();
  auto shared = shared_parameters_of(description, version);
  if (!shared) return std::move(shared).error();
  for (const std::string& address : options_.addresses)
    shared->sources.push_back({address, certificates_of(internal_), certificates_of(external_)});
  std::vector<Part> parts;
  const auto add = [&](std::string_view identifier, std::string_view file, std::string content) {
    parts.push_back({std::string(identifier), std::string(file), std::move(content)});
  };
  add(kSharedParametersId, kSharedParametersFile, write_shared_parameters(*shared, version));
  add(kPrivateParametersId, kPrivateParametersFile, write_private_parameters(*private_parameters));
  // One value that readers refuse would stop the configuration of everybody.
  if (auto check = read_shared_parameters(parts[0].content, version); !check)
    return check.error().while_doing("shared parameters of version " + std::to_string(version));
  if (auto check = read_private_parameters(parts[1].content, version); !check)
    return check.error().while_doing("private parameters");
  if (description.monitoring_client)
    add(kMonitoringId, kMonitoringFile, write_monitoring_client(*description.monitoring_client));
  if (description.ocsp_fetch_interval)
    add(kFetchIntervalId, kFetchIntervalFile, write_ocsp_fetch_interval(*description.ocsp_fetch_interval));
  if (description.verify_next_update)
    add(kNextUpdateId, kNextUpdateFile, write_verify_next_update(*description.verify_next_update));
  return parts;
}

Result<void> Publisher::write_parts(const InstanceDescription& description, Generation& generation) const {
  auto parts = parts_of(description, generation.version);
  if (!parts) return std::move(parts).error();
  if (auto made = make_directories(generation.folder); !made) return made;
  const std::string base =
      "/V" + std::to_string(generation.version) + "/" + generation.folder.filename().string() + "/";
  for (const Part& part : *parts) {
    if (auto written = write_file_atomically(generation.folder / part.file_name, part.content); !written)
      return written;
    DirectoryPart& entry = generation.parts.emplace_back();
    entry.content_identifier = part.content_identifier;
    entry.instance = description.instance;
    entry.location = base + part.file_name;
    entry.hash_algorithm = options_.part_hash;
    entry.hash = pki::digest(options_.part_hash, as_bytes(part.content));
  }
  return {};
}

Result<void> Publisher::write_drafts(const Generation& generation, TimePoint at) const {
  const auto write = [&](std::string_view path, std::span<const DirectoryPart> shown,
                         const SourceKeys& keys) -> Result<void> {
    SignedDirectory directory;
    directory.expires = at + options_.validity;
    directory.version = std::to_string(generation.version);
    directory.parts.assign(shown.begin(), shown.end());
    auto text = sign_directory(directory, keys.active);
    if (!text) return std::move(text).error();
    return write_file_atomically((generation.folder.parent_path() / path).string() + ".tmp", *text);
  };
  if (auto written = write(kInternal, generation.parts, internal_); !written) return written;
  return write(kExternal, std::span(generation.parts).first(1), external_);
}

void Publisher::delete_old_generations(TimePoint at) const {
  const auto oldest = fs::file_time_type::clock::from_sys(at - std::max(options_.validity, std::chrono::seconds(600)));
  for (const int version : kVersions) {
    std::error_code error;
    std::vector<fs::path> old;
    for (fs::directory_iterator it(version_folder(options_.docroot, version), error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      const bool generation =
          name.size() == kGenerationDigits && name.find_first_not_of("0123456789") == std::string::npos;
      std::error_code ignored;
      if (generation && it->last_write_time(ignored) < oldest && !ignored) old.push_back(it->path());
    }
    for (const fs::path& folder : old) fs::remove_all(folder, error);
  }
}

Anchor Publisher::anchor_of(std::string_view path, const SourceKeys& keys, TimePoint at) const {
  Anchor anchor{at, options_.instance, {}};
  for (const std::string_view scheme : {"http://", "https://"})
    for (const std::string& address : options_.addresses)
      anchor.sources.push_back({std::string(scheme) + address + "/" + std::string(path), certificates_of(keys)});
  return anchor;
}

Anchor Publisher::internal_anchor(TimePoint at) const { return anchor_of(kInternal, internal_, at); }
Anchor Publisher::external_anchor(TimePoint at) const { return anchor_of(kExternal, external_, at); }

}  // namespace causeway::globalconf
