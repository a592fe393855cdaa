// SPDX-License-Identifier: MIT
// causeway central-server: the Central Server of an instance, and what is done beside it.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "admin/user_file.hpp"
#include "base/files.hpp"
#include "centralserver/api/api_operations.hpp"
#include "centralserver/backup/backups.hpp"
#include "centralserver/configuration/generation_status.hpp"
#include "centralserver/server/center.hpp"
#include "centralserver/server/processes.hpp"
#include "centralserver/server/registry_access.hpp"
#include "cli/commands.hpp"
#include "cli/secret_prompt.hpp"
#include "domain/fault_code.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;
using centralserver::CentralServerSettings;

constexpr std::size_t kMaxStatus = 1 << 20;
constexpr std::chrono::minutes kSilence{5};

struct Options {
  std::string dir = ".", user, file;
  std::vector<std::string> roles;
  bool as_json = false;
  centralserver::RestoreOptions restore;
  admin::Names wanted() const { return {roles.begin(), roles.end()}; }
};
using OptionsPtr = std::shared_ptr<Options>;

int fail(const Fault& why) {
  std::cerr << "causeway central-server: " << why.code << ": " << why.text << "\n";
  return kFailed;
}

int outcome(const Result<void>& result) { return result ? kOk : fail(result.error()); }

int run(const Options& options) {
  begin_server_process("supervisor");
  return outcome(centralserver::run_central_server(options.dir));
}

int make_api_key(const Options& options) {
  const auto settings = CentralServerSettings::load(options.dir);
  if (!settings) return fail(settings.error());
  const auto made = centralserver::make_api_key(*settings, options.wanted());
  if (!made) return fail(made.error());
  if (!options.as_json) {
    fmt::print("{}\n", made->secret);
    return kOk;
  }
  const json::array roles(made->key.roles.begin(), made->key.roles.end());
  std::cout << json::serialize(json::object{{"id", made->key.id}, {"roles", roles}, {"key", made->secret}}) << "\n";
  return kOk;
}

int set_user(const Options& options) {
  const auto settings = CentralServerSettings::load(options.dir);
  if (!settings) return fail(settings.error());
  const admin::Roles known = centralserver::central_server_roles();
  for (const std::string& role : options.roles)
    if (!known.known(role)) return fail(fault(FaultCode::bad_request, "there is no role " + role));
  const std::string password = read_secret("Password: ");
  return outcome(admin::put_user(settings->admin.users, options.user, password, options.wanted()));
}

std::string until(const std::optional<TimePoint>& expires) {
  if (!expires) return "not published";
  return (*expires > now() ? "valid until " : "EXPIRED at ") + to_iso_seconds(*expires);
}

void print_status(const centralserver::GenerationStatus& status) {
  fmt::print("{}, round of {}\n", status.good() ? "good" : "AT FAULT",
             status.attempted ? to_iso_seconds(*status.attempted) : "never");
  if (status.fault) fmt::print("  {}: {}\n", status.fault->code, status.fault->text);
  for (const auto& version : status.versions) {
    fmt::print("  version {}: internal {}, external {}\n", version.version, until(version.internal_expires),
               until(version.external_expires));
    if (version.fault) fmt::print("    {}: {}\n", version.fault->code, version.fault->text);
  }
}

// The exit code says whether all is well.
int show_status(const Options& options) {
  const auto file = std::filesystem::path(options.dir) / centralserver::kGenerationStatusFile;
  const auto text = read_file(file, kMaxStatus);
  if (!text) return fail(text.error().while_doing("no configuration was made here yet"));
  const auto status = centralserver::generation_status_from_json(*text);
  if (!status) return fail(status.error());
  if (options.as_json)
    std::cout << *text;
  else
    print_status(*status);
  if (status->attempted && now() - *status->attempted > kSilence)
    return fail(fault(FaultCode::io_error, "no round since " + to_iso_seconds(*status->attempted)));
  return status->good() ? kOk : kFailed;
}

int make_backup(const Options& options) {
  const auto settings = CentralServerSettings::load(options.dir);
  if (!settings) return fail(settings.error());
  auto registry = centralserver::open_registry(*settings);
  if (!registry) return fail(registry.error());
  centralserver::Backups backups(centralserver::restore_place(options.dir, settings->node), settings->backup);
  if (!options.file.empty()) return outcome(backups.make_at(**registry, std::filesystem::absolute(options.file)));
  const auto name = backups.make(**registry, backup::backup_name(now()));
  if (!name) return fail(name.error());
  fmt::print("{}\n", (std::filesystem::path(options.dir) / "backup" / *name).string());
  return kOk;
}

int restore_backup(const Options& options) {
  const auto alone = centralserver::lock_directory(options.dir);
  if (!alone) return fail(alone.error());
  if (auto earlier = centralserver::finish_decided_restore(options.dir); !earlier) return fail(earlier.error());
  const auto settings = CentralServerSettings::load(options.dir);
  if (!settings) return fail(settings.error());
  const auto place = centralserver::restore_place(options.dir, settings->node);
  auto decided = centralserver::decide_restore(place, options.file, options.restore);
  return decided ? outcome(centralserver::finish_decided_restore(options.dir)) : fail(decided.error());
}

// `example`: what follows the name on a complete line.
Command part(const OptionsPtr& options, const std::string& name, const std::string& purpose,
             int (*work)(const Options&), const std::string& example) {
  Command command(name, purpose);
  command.option("--dir", options->dir, "the server's directory; conf.d/local.ini in it has its settings");
  command.action([options, work] { return work(*options); });
  command.example("causeway central-server " + name + " --dir /var/lib/causeway" + example);
  return command;
}

Command key_part(const OptionsPtr& options) {
  Command command = part(options, "api-key", "make an API key; a server that runs knows it a second later",
                         make_api_key, " --role XROAD_SYSTEM_ADMINISTRATOR");
  command.option("--role", options->roles, "a role of the key; may be given again", true);
  command.flag("--json", options->as_json, "print the result as JSON");
  return command;
}

Command user_part(const OptionsPtr& options) {
  Command command = part(options, "user", "add a user to the file `users`, or change one; asks for the password",
                         set_user, " --name anna --role XROAD_SECURITY_OFFICER");
  command.option("--name", options->user, "name of the user", true);
  command.option("--role", options->roles, "a role of the user; may be given again", true);
  return command;
}

Command status_part(const OptionsPtr& options) {
  Command command =
      part(options, "status", "show how the configuration was last made; fails unless all is well", show_status, "");
  command.flag("--json", options->as_json, "print the status as JSON");
  return command;
}

Command backup_part(const OptionsPtr& options) {
  Command command =
      part(options, "backup", "make a backup, signed by the keys in gpghome/; prints where it is", make_backup, "");
  command.option("--file", options->file, "where to put it; else into backup/, where the server lists it");
  return command;
}

Command restore_part(const OptionsPtr& options) {
  Command command = part(options, "restore", "make a directory in which no server runs what it was, or an empty one",
                         restore_backup, " --file conf_backup_20260301-100000.gpg");
  command.option("--file", options->file, "the backup", true);
  command.flag("--skip-signature-check", options->restore.by_any_signer,
               "take it whoever has signed it: for an empty directory, whose key ring does not know the signer");
  command.flag("--force", options->restore.of_any_instance,
               "take one of another instance or node, also when the present state cannot be kept");
  command.flag("--keep-settings", options->restore.keeps_settings,
               "leave conf.d/ as it is; the registry goes into the database that it names");
  return command;
}

}  // namespace

Command central_server_command() {
  const auto options = std::make_shared<Options>();
  Command command("central-server", "run the Central Server of an instance");
  command.subcommand(part(options, "run", "run its processes: signer and centre", run, ""));
  command.subcommand(key_part(options));
  command.subcommand(user_part(options));
  command.subcommand(status_part(options));
  command.subcommand(backup_part(options));
  command.subcommand(restore_part(options));
  command.example("causeway central-server run --dir /var/lib/causeway");
  return command;
}

Command central_server_center_command() {
  Command command("central-server-center", "the centre of a Central Server (started by central-server)");
  const auto directory = std::make_shared<std::string>(".");
  command.option("--dir", *directory, "the server's directory");
  command.action([directory] {
    begin_server_process("center");
    const auto settings = CentralServerSettings::load(*directory);
    return settings ? outcome(centralserver::run_center(*settings, CAUSEWAY_VERSION)) : fail(settings.error());
  });
  command.internal();
  return command;
}

}  // namespace causeway::cli
