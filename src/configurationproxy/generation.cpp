// SPDX-License-Identifier: MIT
#include "configurationproxy/generation.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/files.hpp"
#include "configurationproxy/settings.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/loaded_view.hpp"
#include "globalconf/optional_parts.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::configurationproxy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPartLimit = std::size_t{512} << 20;  // as that of the configuration client
constexpr std::size_t kMaxLocation = 512;

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
}

// Of letters that web servers and file systems take as they are; neither hidden nor "..".
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find(".tmp") == name.npos && std::ranges::all_of(name, is_plain);
}

bool is_plain_path(std::string_view path) {
  if (path.empty() || path.size() > kMaxLocation) return false;
  for (;;) {
    const std::size_t slash = path.find('/');
    if (!is_plain_name(path.substr(0, slash))) return false;
    if (slash == path.npos) return true;
    path.remove_prefix(slash + 1);
  }
}

bool names_sources(const GenerationOptions& options, const DownloadedParts& downloaded, const DownloadedPart& part) {
  return options.version >= globalconf::kSourcesSince && part.metadata.instance == downloaded.instance &&
         part.metadata.content_identifier == globalconf::kSharedParametersId;
}

// Clients try the sources named here before those of their anchor: with the source's own
// they would go past the proxy.
Result<std::string> with_proxy_as_source(const GenerationOptions& options, std::string_view xml) {
  if (options.address.empty()) return malformed_configuration("set configuration-proxy.address in conf.d/local.ini");
  auto parameters = globalconf::read_shared_parameters(xml, options.version);
  if (!parameters) return std::move(parameters).error();
  // Both lists, because which one a client takes depends on the path in its anchor.
  parameters->sources = {{options.address, options.certificates, options.certificates}};
  return globalconf::write_shared_parameters(*parameters, options.version);
}

Result<std::string> content_of(const GenerationOptions& options, const DownloadedParts& downloaded,
                               const DownloadedPart& part) {
  auto text = read_file(part.file, kPartLimit);
  if (!text || !names_sources(options, downloaded, part)) return text;
  auto changed = with_proxy_as_source(options, *text);
  if (!changed) return changed.error().while_doing(part.file.string());
  return changed;
}

// Two versions are made within a millisecond; names are never used twice.
std::string free_name(const fs::path& target, TimePoint at) {
  std::int64_t millis = to_unix_millis(at);
  std::error_code ignored;
  while (fs::exists(target / std::to_string(millis), ignored)) ++millis;
  return std::to_string(millis);
}

// Clients store a part under this name, else under the last of its location. Of parameters
// they know the name.
std::optional<std::string> file_name_of(const DownloadedPart& part, const fs::path& path) {
  const std::string& id = part.metadata.content_identifier;
  if (id == globalconf::kSharedParametersId || id == globalconf::kPrivateParametersId) return std::nullopt;
  std::string stored = part.file.filename().string();
  return part.metadata.file_name || path.filename() != stored ? std::optional(std::move(stored)) : std::nullopt;
}

Result<Generation> write_parts(const GenerationOptions& options, const DownloadedParts& downloaded,
                               const fs::path& draft, std::string name) {
  Generation generation{std::move(name), {}};
  std::set<fs::path> taken;
  for (const DownloadedPart& part : downloaded.parts) {
    const auto content = content_of(options, downloaded, part);
    if (!content) return content.error();
    const std::size_t number = generation.parts.size();
    fs::path path = published_path(part.metadata, number);
    if (!taken.insert(path).second) {
      globalconf::PartMetadata nowhere;  // so that it gets a name of its own
      nowhere.instance = part.metadata.instance;
      path = published_path(nowhere, number);
    }
    if (auto made = make_directories((draft / path).parent_path()); !made) return std::move(made).error();
    if (auto written = write_file_atomically(draft / path, *content); !written) return std::move(written).error();
    generation.parts.push_back({.content_identifier = part.metadata.content_identifier,
                                .instance = part.metadata.instance,
                                .location = "/" + (fs::path(options.proxy_instance) / generation.name / path).string(),
                                .file_name = file_name_of(part, path),
                                .hash_algorithm = options.hash,
                                .hash = pki::digest(options.hash, as_bytes(*content))});
  }
  return generation;
}

}  // namespace

fs::path published_path(const globalconf::PartMetadata& metadata, std::size_t number) {
  const std::string instance =
      is_plain_name(metadata.instance)
          ? metadata.instance
          : "instance-" + to_hex(pki::digest(pki::DigestAlgorithm::sha256, as_bytes(metadata.instance))).substr(0, 16);
  std::string_view location = metadata.location ? std::string_view(*metadata.location) : std::string_view();
  if (location.starts_with('/')) location.remove_prefix(1);
  if (is_plain_path(location)) return fs::path(instance) / location;
  return fs::path(instance) / ("part-" + std::to_string(number));
}

std::string fingerprint_of(const GenerationOptions& options, const DownloadedParts& downloaded) {
  std::string all = options.target.string() + "\n" + std::to_string(options.version) + "\n" + options.address + "\n" +
                    std::string(pki::digest_uri(options.hash)) + "\n";
  for (const Bytes& certificate : options.certificates) all += to_base64(certificate) + "\n";
  for (const DownloadedPart& part : downloaded.parts) {
    const auto stamp = globalconf::FileStamp::of(part.file);
    all += part.file.string() + "\n" + std::to_string(stamp.inode) + " " + std::to_string(stamp.size) + " " +
           std::to_string(stamp.changed_ns) + "\n" + part.metadata.content_identifier + "\n" +
           part.metadata.location.value_or("") + "\n" + part.metadata.file_name.value_or("") + "\n";
  }
  return to_hex(pki::digest(pki::DigestAlgorithm::sha256, as_bytes(all)));
}

Result<Generation> make_generation(const GenerationOptions& options, const DownloadedParts& downloaded, TimePoint at) {
  std::string name = free_name(options.target, at);
  // Hidden: neither served nor taken for a generation. A crash leaves it to the next clean-up.
  const fs::path draft = options.target / ("." + name);
  std::error_code error;
  fs::remove_all(draft, error);
  if (auto made = make_directories(draft); !made) return std::move(made).error();
  auto generation = write_parts(options, downloaded, draft, std::move(name));
  if (generation) {
    fs::rename(draft, options.target / generation->name, error);
    if (error) generation = fault(FaultCode::io_error, "cannot rename " + draft.string() + ": " + error.message());
  }
  if (!generation) fs::remove_all(draft, error);
  return generation;
}

}  // namespace causeway::configurationproxy
