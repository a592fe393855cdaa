// SPDX-License-Identifier: MIT
// What an instance publishes: signed directories conf-v<n>, and generations, the folders that
// they name. A directory whose time is up is not given out, whoever looks at it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::configurationproxy {

class Publication {
 public:
  // `folder`: <document root>/<instance>.
  explicit Publication(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path directory_file(int version) const;
  // Atomically: readers see the earlier one or this. io_error.
  Result<void> replace_directory(int version, std::string_view text) const;
  // Until when what is published may be used; nullopt when nothing is.
  std::optional<TimePoint> expires(int version) const;

  // Deletes directories whose time is up; their versions. Clients then go on to a version
  // that is good, where they would fail with an expired one.
  std::vector<int> withdraw_expired(TimePoint at) const;
  // A generation is kept while a directory names it, and for `keep` after it was last named:
  // somebody may be about to download it.
  void touch_generation(std::string_view name, TimePoint at) const;
  void delete_old_generations(std::chrono::seconds keep, TimePoint at) const;

 private:
  std::filesystem::path folder_;
};

// The file below `document_root` that a request gets, "" for none:
//   /<instance>/conf[?version=n]            <instance>/conf-v<n>, by default 2, while it is valid
//   /<instance>/<generation>/<plain path>   itself
std::string served_file(const std::filesystem::path& document_root, std::string_view path, std::string_view query,
                        TimePoint at);

}  // namespace causeway::configurationproxy
