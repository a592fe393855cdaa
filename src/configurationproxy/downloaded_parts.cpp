// SPDX-License-Identifier: MIT
#include "configurationproxy/downloaded_parts.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/configuration_fault.hpp"
#include "globalconf/image_file.hpp"
#include "globalconf/part_draft.hpp"

namespace causeway::configurationproxy {
namespace {

namespace fs = std::filesystem;

// What stands beside a part, or is on its way to become one.
bool is_part(const std::string& name) {
  return !name.ends_with(".metadata") && !name.ends_with(globalconf::kImageSuffix) &&
         !name.ends_with(globalconf::kDraftSuffix) && name.find(".tmp") == std::string::npos;
}

// In a header of the directory it would end, or end the value, somewhere else.
bool fits_header(std::string_view text) {
  constexpr std::string_view kMarks = ";'\"=";
  return !text.empty() && text.front() != ' ' && text.back() != ' ' && std::ranges::none_of(text, [&](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f' || kMarks.find(c) != kMarks.npos;
  });
}

Result<std::vector<DownloadedPart>> parts_in(const fs::path& folder, int version) {
  std::vector<DownloadedPart> parts;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || !is_part(it->path().filename().string())) continue;
    auto metadata = globalconf::ConfigurationDirectory::metadata_of(it->path());
    if (!metadata) return std::move(metadata).error();
    if (!fits_header(metadata->content_identifier) || !fits_header(metadata->instance))
      return fault(FaultCode::malformed_global_conf,
                   it->path().string() + " has a name or an instance that cannot be passed on");
    // Without a time it would be good for ever.
    if (!metadata->expires || metadata->version_number() != version)
      return fault(FaultCode::malformed_global_conf,
                   it->path().string() + " is not known to be of version " + std::to_string(version));
    parts.push_back({it->path(), *std::move(metadata)});
  }
  if (error) return fault(FaultCode::io_error, "cannot read " + folder.string() + ": " + error.message());
  std::ranges::sort(parts, {}, &DownloadedPart::file);
  return parts;
}

void add_partner(DownloadedParts& all, const fs::path& folder, int version, TimePoint enough) {
  auto parts = parts_in(folder, version);
  if (!parts) {
    log::error("not passed on: {}", parts.error().text);
    return;
  }
  for (DownloadedPart& part : *parts) {
    if (*part.metadata.expires < enough) {
      log::error("not passed on: {} expires at {}", part.file.string(), to_iso_seconds(*part.metadata.expires));
      continue;
    }
    all.expires = std::min(all.expires, *part.metadata.expires);
    all.parts.push_back(std::move(part));
  }
}

}  // namespace

Result<DownloadedParts> downloaded_parts(const globalconf::ConfigurationDirectory& directory, int version,
                                         std::chrono::seconds validity, TimePoint at) {
  auto instance = directory.own_instance();
  if (!instance) return std::move(instance).error();
  const fs::path own_folder = directory.folder(*instance);
  auto own = parts_in(own_folder, version);
  if (!own) return std::move(own).error();
  DownloadedParts all{*std::move(instance), *std::move(own), at + validity};
  for (const DownloadedPart& part : all.parts) {
    if (part.metadata.instance != all.instance)
      return globalconf::configuration_fault(globalconf::kInvalidInstanceIdentifier,
                                             part.file.string() + " is of " + part.metadata.instance);
    if (*part.metadata.expires <= at)
      return globalconf::configuration_fault(
          globalconf::kOutdated, part.file.string() + " expired at " + to_iso_seconds(*part.metadata.expires));
    all.expires = std::min(all.expires, *part.metadata.expires);
  }
  const TimePoint enough = at + (all.expires - at) / 2;
  for (const fs::path& folder : directory.folders())
    if (folder != own_folder) add_partner(all, folder, version, enough);
  return all;
}

}  // namespace causeway::configurationproxy
