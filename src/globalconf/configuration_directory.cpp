// SPDX-License-Identifier: MIT
#include "globalconf/configuration_directory.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/image_file.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOwnInstanceFile = "instance-identifier";
constexpr std::string_view kMetadataSuffix = ".metadata";
constexpr std::size_t kMetadataLimit = 64 * 1024;

fs::path metadata_path(const fs::path& file) { return file.string() + std::string(kMetadataSuffix); }

bool has_fraction(TimePoint time) { return to_unix_millis(time) % 1000 != 0; }

// "" for null and for what is not there.
Result<std::optional<std::string>> text_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return std::optional<std::string>();
  if (const auto* text = value->if_string()) return std::optional<std::string>(std::string(*text));
  return fault(FaultCode::malformed_global_conf, "metadata: " + std::string(key) + " is not a string");
}

}  // namespace

int PartMetadata::version_number() const {
  if (!version) return kOldestVersion;
  int number = 0;
  const char* const end = version->data() + version->size();
  const auto [last, error] = std::from_chars(version->data(), end, number);
  return error == std::errc{} && last == end && is_known_version(number) ? number : 0;
}

std::string write_metadata(const PartMetadata& metadata) {
  boost::json::object object;
  object["contentIdentifier"] = metadata.content_identifier;
  object["instanceIdentifier"] = metadata.instance;
  if (metadata.expires)
    object["expirationDate"] =
        has_fraction(*metadata.expires) ? to_iso_millis(*metadata.expires) : to_iso_seconds(*metadata.expires);
  if (metadata.file_name) object["contentFileName"] = *metadata.file_name;
  if (metadata.location) object["contentLocation"] = *metadata.location;
  if (metadata.version) object["configurationVersion"] = *metadata.version;
  return boost::json::serialize(object);
}

Result<PartMetadata> read_metadata(std::string_view json) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(json, error);
  if (error || !value.is_object()) return fault(FaultCode::malformed_global_conf, "metadata is not a JSON object");
  const boost::json::object& object = value.get_object();
  PartMetadata metadata;
  std::optional<std::string> identifier, instance, expires;
  const std::pair<std::string_view, std::optional<std::string>*> members[] = {
      {"contentIdentifier", &identifier},
      {"instanceIdentifier", &instance},
      {"expirationDate", &expires},
      {"contentFileName", &metadata.file_name},
      {"contentLocation", &metadata.location},
      {"configurationVersion", &metadata.version}};
  for (const auto& [key, member] : members) {
    auto text = text_of(object, key);
    if (!text) return std::move(text).error();
    *member = *std::move(text);
  }
  metadata.content_identifier = identifier.value_or("");
  metadata.instance = instance.value_or("");
  if (expires) {
    auto time = parse_iso(*expires);
    if (!time) return fault(FaultCode::malformed_global_conf, "metadata: expirationDate is not a date and time");
    metadata.expires = *time;
  }
  return metadata;
}

std::string folder_name(std::string_view instance) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  // These two would be other places; Java would go there.
  if (instance == "." || instance == "..") return instance == "." ? "%2E" : "%2E%2E";
  for (const char c : instance) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '-' || c == '*' || c == '_';
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

Result<std::string> ConfigurationDirectory::own_instance() const {
  auto text = read_file(base_ / kOwnInstanceFile, kMetadataLimit);
  if (!text) return std::move(text).error();
  const auto first = text->find_first_not_of(" \t\r\n");
  if (first == std::string::npos)
    return fault(FaultCode::malformed_global_conf, (base_ / kOwnInstanceFile).string() + " is empty");
  return text->substr(first, text->find_last_not_of(" \t\r\n") - first + 1);
}

Result<void> ConfigurationDirectory::save_own_instance(std::string_view instance) const {
  if (auto made = make_directories(base_); !made) return made;
  return write_file_atomically(base_ / kOwnInstanceFile, instance);
}

std::vector<fs::path> ConfigurationDirectory::folders() const {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(base_, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored)) folders.push_back(it->path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

Result<void> ConfigurationDirectory::save(const fs::path& file, std::string_view content,
                                          const PartMetadata& metadata) const {
  if (auto made = make_directories(file.parent_path()); !made) return made;
  if (auto written = write_file_atomically(file, content); !written) return written;
  return save_metadata(file, metadata);
}

Result<void> ConfigurationDirectory::save_metadata(const fs::path& file, const PartMetadata& metadata) const {
  return write_file_atomically(metadata_path(file), write_metadata(metadata));
}

Result<PartMetadata> ConfigurationDirectory::metadata_of(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(metadata_path(file), error)) return PartMetadata{};
  auto json = read_file(metadata_path(file), kMetadataLimit);
  if (!json) return std::move(json).error();
  auto metadata = read_metadata(*json);
  if (!metadata) return metadata.error().while_doing(metadata_path(file).string());
  return metadata;
}

void ConfigurationDirectory::delete_other_files(std::string_view instance, const std::set<fs::path>& keep) const {
  std::set<fs::path> kept = keep;
  for (const fs::path& file : keep) {
    kept.insert(metadata_path(file));
    kept.insert(image_file(file));
  }
  std::error_code error;
  std::vector<fs::path> extra;
  for (fs::recursive_directory_iterator it(folder(instance), error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && !kept.contains(it->path())) extra.push_back(it->path());
  }
  for (const fs::path& file : extra) fs::remove(file, error);
}

std::vector<std::string> ConfigurationDirectory::delete_other_instances(const std::set<std::string>& keep) const {
  std::set<std::string> kept;
  for (const std::string& instance : keep) kept.insert(folder_name(instance));
  std::vector<std::string> deleted;
  for (const fs::path& folder : folders()) {
    if (kept.contains(folder.filename().string())) continue;
    std::error_code error;
    fs::remove_all(folder, error);
    deleted.push_back(folder.filename().string());
  }
  return deleted;
}

}  // namespace causeway::globalconf
