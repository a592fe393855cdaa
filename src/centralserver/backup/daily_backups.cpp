// SPDX-License-Identifier: MIT
#include "centralserver/backup/daily_backups.hpp"

#include "base/log.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

constexpr int kHour = 3, kMinute = 15;
constexpr std::chrono::hours kKept{30 * 24};

}  // namespace

DailyBackups::DailyBackups(Backups& backups, OpenRegistry registry, Time time, std::chrono::milliseconds interval)
    : backups_(backups),
      open_registry_(std::move(registry)),
      time_(std::move(time)),
      due_(next_time_of_day(time_(), kHour, kMinute)),
      thread_([this, interval] {
        look();
        return interval;
      }) {}

void DailyBackups::look() {
  const TimePoint at = time_();
  const TimePoint next = next_time_of_day(at, kHour, kMinute);
  // A clock that was set back asks for an earlier one.
  if (at < due_) {
    due_ = std::min(due_, next);
    return;
  }
  due_ = next;
  make(at);
}

void DailyBackups::make(TimePoint at) {
  if (const std::size_t removed = backups_.kept().remove_automatic(kAutomaticPrefix, kKept); removed > 0)
    log::info("{} automatic backups of more than 30 days ago were deleted", removed);
  auto registry = open_registry_();
  if (!registry) return log::error("no automatic backup: {}", registry.error().text);
  // Nothing to lose yet.
  if (const auto instance = instance_identifier(**registry);
      !instance && instance.error().code == "instance_identifier_not_set")
    return;
  auto made = backups_.make(**registry, backup::automatic_backup_name(kAutomaticPrefix, at));
  if (made)
    log::info("backup {} was made", *made);
  else
    log::error("no automatic backup: {}", made.error().text);
}

}  // namespace causeway::centralserver
