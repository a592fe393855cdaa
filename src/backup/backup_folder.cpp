// SPDX-License-Identifier: MIT
#include "backup/backup_folder.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "base/files.hpp"

namespace causeway::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".gpg";
constexpr std::size_t kMaxName = 255;
constexpr unsigned kMode = 0600;  // keys are in it

std::string local_time(TimePoint at, const char* format) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

bool may_stand_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

std::string automatic_prefix(std::string_view prefix) { return std::string(prefix) + "-automatic-backup-"; }

}  // namespace

bool is_backup_name(std::string_view name) {
  return name.size() > kEnding.size() && name.size() <= kMaxName && !name.starts_with('.') && name.ends_with(kEnding) &&
         std::ranges::all_of(name, may_stand_in_name);
}

std::string backup_name(TimePoint at) { return local_time(at, "conf_backup_%Y%m%d-%H%M%S.gpg"); }

std::string automatic_backup_name(std::string_view prefix, TimePoint at) {
  return automatic_prefix(prefix) + local_time(at, "%Y_%m_%d_%H%M%S.gpg");
}

std::vector<KeptBackup> BackupFolder::list() const {
  std::vector<KeptBackup> out;
  std::error_code error;
  for (fs::directory_iterator each(folder_, error), end; !error && each != end; each.increment(error)) {
    std::string name = each->path().filename().string();
    std::error_code gone;
    if (!is_backup_name(name) || !each->is_regular_file(gone)) continue;
    const auto written = each->last_write_time(gone);
    if (!gone) out.push_back({std::move(name), written});
  }
  std::ranges::sort(out, [](const KeptBackup& a, const KeptBackup& b) {
    return a.written != b.written ? a.written > b.written : a.name > b.name;
  });
  return out;
}

Result<fs::path> BackupFolder::place_of(std::string_view name) const {
  if (!is_backup_name(name)) return Fault{"invalid_filename", "\"" + std::string(name) + "\" is no name of a backup"};
  return folder_ / name;
}

Result<fs::path> BackupFolder::find(std::string_view name) const {
  std::error_code error;
  if (is_backup_name(name) && fs::is_regular_file(folder_ / name, error)) return folder_ / name;
  return Fault{"backup_file_not_found", "there is no backup " + std::string(name)};
}

Result<void> BackupFolder::store(std::string_view name, std::string_view content) const {
  auto place = place_of(name);
  if (!place) return place.error();
  auto written = make_directories(folder_);
  if (written) written = write_file_atomically(*place, content, kMode);
  if (!written) return Fault{"invalid_backup_file", written.error().text};
  return {};
}

Result<void> BackupFolder::remove(std::string_view name) const {
  auto place = find(name);
  if (!place) return place.error();
  std::error_code error;
  fs::remove(*place, error);
  if (error) return Fault{"backup_deletion_failed", place->string() + ": " + error.message()};
  return {};
}

std::size_t BackupFolder::remove_automatic(std::string_view prefix, std::chrono::hours age) const {
  std::size_t removed = 0;
  const auto oldest = fs::file_time_type::clock::now() - age;
  for (const KeptBackup& each : list())
    if (each.name.starts_with(automatic_prefix(prefix)) && each.written < oldest && remove(each.name)) ++removed;
  return removed;
}

}  // namespace causeway::backup
