// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiving_rounds.hpp"

#include "base/background.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "securityserver/archiving/log_cleaner.hpp"

namespace causeway::securityserver {
namespace {

constexpr const char* kLogDirectory = "messagelog";
// The clock may be set: what is due is looked at again at least so often.
constexpr std::chrono::seconds kLook{30};

}  // namespace

Result<std::unique_ptr<ArchivingRounds>> ArchivingRounds::start(const Parameters& parameters) {
  auto settings = ArchivingSettings::from(parameters);
  if (!settings) return settings.error();
  auto cipher = MessageCipher::from(parameters);
  if (!cipher) return cipher.error();
  auto log = LogPlace::from(parameters, kLogDirectory);
  if (!log) return log.error();
  return std::unique_ptr<ArchivingRounds>(
      new ArchivingRounds(*std::move(settings), *std::move(log), *std::move(cipher)));
}

ArchivingRounds::ArchivingRounds(ArchivingSettings settings, LogPlace log, std::shared_ptr<const MessageCipher> cipher)
    : settings_(std::move(settings)),
      log_(std::move(log)),
      archiver_(settings_, log_, std::move(cipher)),
      thread_([this] { return look(); }) {}

bool ArchivingRounds::keep_going() {
  if (now() - status_.updated >= kLook) report();
  return !thread_.is_stopping();
}

std::chrono::milliseconds ArchivingRounds::look() {
  if (status_.updated == TimePoint()) {
    work_in_background();
    status_.archiving.next_run = settings_.archive_interval.next(now());
    status_.cleaning.next_run = settings_.clean_interval.next(now());
  }
  report();
  if (status_.archiving.next_run && now() >= *status_.archiving.next_run) archive();
  if (!thread_.is_stopping() && status_.cleaning.next_run && now() >= *status_.cleaning.next_run) clean();
  std::chrono::milliseconds wait = kLook;
  for (const auto& due : {status_.archiving.next_run, status_.cleaning.next_run})
    if (due) wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(*due - now()));
  return std::max(wait, std::chrono::milliseconds(1));
}

void ArchivingRounds::archive() {
  begin(status_.archiving);
  const auto archived = archiver_.run([this] { return keep_going(); });
  if (archived) {
    status_.archives += archived->archives;
    status_.damaged += archived->damaged;
    if (archived->archives > 0) status_.transfer = archived->transfer;
  }
  end(status_.archiving, settings_.archive_interval, archived ? Result<void>() : archived.error(), "archiving");
}

void ArchivingRounds::clean() {
  begin(status_.cleaning);
  const auto cleaned = clean_log(log_, settings_.keep_records, now());
  if (cleaned && cleaned->segments > 0) status_.first_kept = cleaned->first_kept;
  end(status_.cleaning, settings_.clean_interval, cleaned ? Result<void>() : cleaned.error(),
      "cleaning the message log");
}

void ArchivingRounds::begin(ArchivingStatus::Task& task) {
  task.last_run = now();
  task.running = true;
  report();
}

void ArchivingRounds::end(ArchivingStatus::Task& task, const CronExpression& interval, const Result<void>& outcome,
                          std::string_view what) {
  task.running = false;
  task.fault = outcome ? std::nullopt : std::optional(outcome.error());
  if (outcome) task.last_success = now();
  if (!outcome) log::error("{}: {}", what, outcome.error().text);
  task.next_run = interval.next(now());
  report();
}

void ArchivingRounds::report() {
  status_.updated = now();
  // Also what others have archived (causeway ctl).
  if (const auto archived = archived_until(kLogDirectory)) status_.archived_until = *archived;
  if (auto written = write_file_atomically(kArchivingStatusFile, to_json(status_)); !written)
    log::error("{}", written.error().text);
}

}  // namespace causeway::securityserver
