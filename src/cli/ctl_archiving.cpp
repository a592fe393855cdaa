// SPDX-License-Identifier: MIT
#include "cli/ctl_archiving.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>

#include "base/background.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parameters.hpp"
#include "base/spool.hpp"
#include "cli/server_status.hpp"
#include "securityserver/archiving/archiver.hpp"
#include "securityserver/archiving/archiving_status.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;
using securityserver::ArchivingReport;
using securityserver::ArchivingStatus;

constexpr const char* kLogDirectory = "messagelog";
// By the server's own parameters, whose paths are of its directory.
Result<ArchivingReport> archive_now(const std::string& directory) {
  if (::chdir(directory.c_str()) != 0) return Fault{"io_error", directory + ": " + std::strerror(errno)};
  auto parameters = Parameters::load("conf.d");
  if (!parameters) return parameters.error();
  auto settings = securityserver::ArchivingSettings::from(*parameters);
  if (!settings) return settings.error();
  auto cipher = securityserver::MessageCipher::from(*parameters);
  if (!cipher) return cipher.error();
  auto log = securityserver::LogPlace::from(*parameters, kLogDirectory);
  if (!log) return log.error();
  if (auto made = make_directories("spool"); !made) return made.error();
  Spool::set_directory("spool");
  return securityserver::Archiver(*std::move(settings), *std::move(log), *std::move(cipher)).run([] { return true; });
}

int archive(const ServerStatusOptions& options) {
  work_in_background();
  log::start("ctl", "warn");
  const auto archived = archive_now(options.dir);
  if (!archived) return fail(archived.error());
  if (options.as_json)
    std::cout << json::serialize(json::object{{"archives", archived->archives},
                                              {"records", archived->records},
                                              {"damaged_records", archived->damaged},
                                              {"archived_until", archived->archived_until}})
              << "\n";
  else
    fmt::print("{} archives of {} records made; everything up to record {} is archived\n", archived->archives,
               archived->records, archived->archived_until);
  if (archived->damaged > 0)
    fmt::print(stderr, "{} records are damaged and could not be archived\n", archived->damaged);
  return archived->damaged > 0 || archived->transfer ? kFailed : kOk;
}

void print(const std::string& name, const ArchivingStatus::Task& task) {
  std::string text = "has not run";
  if (task.fault)
    text = "failed: " + task.fault->text;
  else if (task.last_success)
    text = "succeeds, last at " + to_iso_seconds(*task.last_success);
  fmt::print("{:14} {}\n", name, text);
  if (task.running)
    fmt::print("{:14} runs since {}\n", "", to_iso_seconds(*task.last_run));
  else if (task.next_run)
    fmt::print("{:14} next at {}\n", "", to_iso_seconds(*task.next_run));
}

void print(const ArchivingStatus& status) {
  print("archiving", status.archiving);
  fmt::print("archived       everything up to record {}\n", status.archived_until);
  if (status.damaged > 0) fmt::print("damaged        {} records could not be archived\n", status.damaged);
  if (status.transfer) fmt::print("transfer       failed: {}\n", status.transfer->text);
  print("cleaning", status.cleaning);
  if (status.first_kept > 0) fmt::print("first record   {}\n", status.first_kept);
}

bool has_failed(const ArchivingStatus& status) {
  return status.archiving.fault || status.cleaning.fault || status.transfer || status.damaged > 0;
}

int show_status(const ServerStatusOptions& options) {
  return show<ArchivingStatus>(options, {.file = securityserver::kArchivingStatusFile,
                                         .read = securityserver::read_archiving_status,
                                         .print = print,
                                         .failed = has_failed});
}

Command command_of(const std::string& name, const std::string& purpose, int (*run)(const ServerStatusOptions&)) {
  const auto options = std::make_shared<ServerStatusOptions>();
  Command command(name, purpose);
  command.option("--dir", options->dir, "the server's directory")
      .flag("--json", options->as_json, "print JSON")
      .example("causeway ctl messagelog " + name + " --dir /var/lib/causeway")
      .action([options, run] { return run(*options); });
  return command;
}

}  // namespace

Command archive_command() {
  return command_of("archive", "archive at once what is time-stamped; also while the server runs", archive);
}

Command archive_status_command() {
  return command_of("archive-status", "whether the log is archived and cleaned; fails when not", show_status);
}

}  // namespace causeway::cli
