// SPDX-License-Identifier: MIT
#include "centralserver/backup/backups.hpp"

#include <ctime>

#include "base/files.hpp"
#include "centralserver/backup/server_archive.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "domain/fault_code.hpp"
#include "openpgp/encryption.hpp"
#include "openpgp/key_ring.hpp"

namespace causeway::centralserver {
namespace {

namespace fs = std::filesystem;

bool always() { return true; }

Result<supervision::ChildProgram> start_gpg(const BackupSettings& settings, const fs::path& home,
                                            const std::string& instance, const fs::path& output) {
  if (!settings.encrypts) return openpgp::start_signing(home, output.string(), always);
  std::vector<std::string> recipients = settings.recipients;
  if (!recipients.empty()) recipients.push_back("=" + instance);
  return openpgp::start_encryption(home, recipients, output.string(), always);
}

}  // namespace

Result<void> Backups::make_at(const Registry& registry, const fs::path& file) {
  const std::lock_guard lock(mutex_);
  auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  if (auto ready = openpgp::make_key_ring(place_.key_ring(), *instance); !ready) return ready;
  // No name of a backup as long as it is not whole.
  const fs::path part = file.parent_path() / ("." + file.filename().string() + ".part");
  auto gpg = start_gpg(settings_, place_.key_ring(), *instance, part);
  if (!gpg) return gpg.error();
  auto done = write_server_archive(registry, place_.directory, [&gpg](ByteView octets) { return gpg->write(octets); });
  if (done) done = gpg->wait();
  std::error_code error;
  if (done) {
    fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write, error);
    if (!error) fs::rename(part, file, error);
    if (error) done = fault(FaultCode::io_error, file.string() + ": " + error.message());
  }
  if (!done) fs::remove(part, error);
  return done;
}

Result<std::string> Backups::make(const Registry& registry, std::string name) {
  auto place = kept_.place_of(name);
  if (!place) return place.error();
  if (auto made = make_directories(place->parent_path()); !made) return made.error();
  if (auto made = make_at(registry, *place); !made) return made.error();
  return name;
}

Result<void> Backups::restore(std::string_view name) {
  auto place = kept_.find(name);
  if (!place) return place.error();
  const std::lock_guard lock(mutex_);
  return decide_restore(place_, *place, {});
}

TimePoint next_time_of_day(TimePoint after, int hour, int minute) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(after);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  for (;; ++parts.tm_mday) {
    parts.tm_hour = hour;
    parts.tm_min = minute;
    parts.tm_sec = 0;
    parts.tm_isdst = -1;
    const auto found = std::chrono::system_clock::from_time_t(std::mktime(&parts));
    if (found > after) return found;
  }
}

}  // namespace causeway::centralserver
