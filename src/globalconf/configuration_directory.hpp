// SPDX-License-Identifier: MIT
// The folder that the configuration client writes and everybody else reads, laid out and
// described file by file as X-Road does (trust.md 2.3), so that either can read the other's.
//
//   instance-identifier                      own instance, plain text
//   <instance>/shared-params.xml             one folder for each instance
//   <instance>/shared-params.xml.metadata    JSON, beside every file
//   <instance>/shared-params.xml.image       of our own (image_file.hpp); may be missing
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/versions.hpp"

namespace causeway::globalconf {

// What is known of a stored part. Absent values are not written.
struct PartMetadata {
  std::string content_identifier;
  std::string instance;
  std::optional<TimePoint> expires;  // absent: never
  std::optional<std::string> file_name;
  std::optional<std::string> location;
  std::optional<std::string> version;  // absent: 2

  int version_number() const;  // 0 when it is not one of versions.hpp
  bool expired(TimePoint at) const { return expires && *expires < at; }
};

std::string write_metadata(const PartMetadata& metadata);
// Unknown keys are passed over. malformed_global_conf otherwise.
Result<PartMetadata> read_metadata(std::string_view json);

// Form encoding of URLs, as Java names the folders: "A B" becomes "A+B".
std::string folder_name(std::string_view instance);

class ConfigurationDirectory {
 public:
  explicit ConfigurationDirectory(std::filesystem::path base) : base_(std::move(base)) {}

  const std::filesystem::path& base() const { return base_; }
  std::filesystem::path folder(std::string_view instance) const { return base_ / folder_name(instance); }
  std::filesystem::path file(std::string_view instance, std::string_view name) const { return folder(instance) / name; }

  // io_error when there is none yet.
  Result<std::string> own_instance() const;
  Result<void> save_own_instance(std::string_view instance) const;

  // Folders of instances, by name.
  std::vector<std::filesystem::path> folders() const;

  // Content first, so that a reader never sees the metadata of a file that is not there.
  Result<void> save(const std::filesystem::path& file, std::string_view content, const PartMetadata& metadata) const;
  Result<void> save_metadata(const std::filesystem::path& file, const PartMetadata& metadata) const;
  // A file without metadata is of version 2 and never expires, as in X-Road.
  static Result<PartMetadata> metadata_of(const std::filesystem::path& file);

  // Deletes what stands in the folder of `instance` beside `keep`, their metadata and images.
  void delete_other_files(std::string_view instance, const std::set<std::filesystem::path>& keep) const;
  // Deletes the folders of all instances that are not in `keep`. The names of those deleted.
  std::vector<std::string> delete_other_instances(const std::set<std::string>& keep) const;

 private:
  std::filesystem::path base_;
};

}  // namespace causeway::globalconf
