// SPDX-License-Identifier: MIT
#include "configurationproxy/publication.hpp"

#include <algorithm>
#include <set>

#include "base/files.hpp"
#include "configurationproxy/instance_configuration.hpp"
#include "globalconf/configuration_server.hpp"
#include "globalconf/directory_file.hpp"
#include "globalconf/versions.hpp"

namespace causeway::configurationproxy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDirectoryLimit = std::size_t{1} << 20;

bool is_generation(std::string_view name) {
  return !name.empty() && name.size() <= 19 && name.find_first_not_of("0123456789") == name.npos;
}

// Digits between "/<instance>/" and the next slash, wherever the text has them.
void add_generations(std::string_view text, const std::string& instance, std::set<std::string>& names) {
  const std::string before = "/" + instance + "/";
  for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at + 1)) {
    const std::string_view rest = text.substr(at + before.size());
    const std::string_view name = rest.substr(0, rest.find('/'));
    if (is_generation(name)) names.emplace(name);
  }
}

}  // namespace

fs::path Publication::directory_file(int version) const { return folder_ / ("conf-v" + std::to_string(version)); }

Result<void> Publication::replace_directory(int version, std::string_view text) const {
  if (auto made = make_directories(folder_); !made) return made;
  return write_file_atomically(directory_file(version), text);
}

std::optional<TimePoint> Publication::expires(int version) const {
  return globalconf::expiry_of(directory_file(version));
}

std::vector<int> Publication::withdraw_expired(TimePoint at) const {
  std::vector<int> withdrawn;
  for (const int version : globalconf::kVersions)
    if (globalconf::withdraw_if_expired(directory_file(version), at)) withdrawn.push_back(version);
  return withdrawn;
}

void Publication::touch_generation(std::string_view name, TimePoint at) const {
  std::error_code ignored;
  fs::last_write_time(folder_ / name, fs::file_time_type::clock::from_sys(at), ignored);
}

void Publication::delete_old_generations(std::chrono::seconds keep, TimePoint at) const {
  std::set<std::string> named;
  for (const int version : globalconf::kVersions)
    if (const auto text = read_file(directory_file(version), kDirectoryLimit))
      add_generations(*text, folder_.filename().string(), named);
  const auto oldest = fs::file_time_type::clock::from_sys(at - keep);
  std::vector<fs::path> old;
  std::error_code error;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    // What a crash left of one that was being made.
    const bool draft = name.starts_with('.') && is_generation(std::string_view(name).substr(1));
    std::error_code ignored;
    if (draft || (is_generation(name) && !named.contains(name) && it->last_write_time(ignored) < oldest))
      old.push_back(it->path());
  }
  for (const fs::path& folder : old) fs::remove_all(folder, error);
}

std::string served_file(const fs::path& document_root, std::string_view path, std::string_view query, TimePoint at) {
  const std::string plain = globalconf::served_path(path, query);  // "" for what leaves the root
  const std::size_t slash = plain.find('/');
  if (slash == plain.npos || !InstanceConfiguration::is_name(plain.substr(0, slash))) return {};
  const std::string rest = plain.substr(slash + 1);
  if (rest == "conf") {
    std::string file = plain + "-v" + std::string(globalconf::requested_version(query));
    return globalconf::is_valid_at(document_root / file, at) ? file : std::string();
  }
  const std::size_t next = rest.find('/');
  const bool part = next != rest.npos && is_generation(rest.substr(0, next)) && rest.find(".tmp") == rest.npos;
  return part ? plain : std::string();
}

}  // namespace causeway::configurationproxy
