// SPDX-License-Identifier: MIT
#include "centralserver/configuration/published_file.hpp"

#include <algorithm>

#include "globalconf/configuration_server.hpp"
#include "globalconf/directory_file.hpp"
#include "globalconf/source_keys.hpp"

namespace causeway::centralserver {

std::string published_file(const std::filesystem::path& docroot, std::string_view path, std::string_view query,
                           TimePoint at) {
  std::string file = globalconf::served_path(path, query);
  // Files that are about to be replaced.
  if (file.find(".tmp") != std::string::npos) return {};
  const bool directory = std::ranges::any_of(globalconf::kSourceTypes, [&](globalconf::SourceType source) {
    return file.ends_with("/" + std::string(directory_name(source)));
  });
  if (directory && !globalconf::is_valid_at(docroot / file, at)) return {};
  return file;
}

}  // namespace causeway::centralserver
