// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/files.hpp"
#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/configuration_proxy_output.hpp"
#include "configurationproxy/proxy_anchor.hpp"
#include "configurationproxy/run.hpp"
#include "configurationproxy/signing_keys.hpp"
#include "domain/fault_code.hpp"
#include "signer/run.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;
using configurationproxy::InstanceConfiguration;
using configurationproxy::ProxySettings;

constexpr std::size_t kMaxStatus = 1UL << 20;
constexpr std::chrono::minutes kSilence{5};  // rounds are more frequent

// What the subcommands have in common; only those of the one that was chosen are filled.
struct Options {
  std::string dir = ".";
  bool as_json = false;
  std::string instance, key, token, algorithm = "RSA", file;
  bool all = false, once = false;
};
using OptionsPtr = std::shared_ptr<Options>;

int fail(const Fault& fault) {
  std::cerr << "causeway configuration-proxy: " << fault.code << ": " << fault.text << "\n";
  return kFailed;
}

int misused(const std::string& what) {
  std::cerr << "causeway configuration-proxy: " << what << "\n";
  return kUsage;
}

int report(const Options& options, const json::object& result, const std::string& said) {
  std::cout << (options.as_json ? json::serialize(result) : said) << "\n";
  return kOk;
}

// Runs `work` with the settings and the instance that was named.
template <class Work>
int with_instance(const Options& options, Work work) {
  const auto settings = ProxySettings::load(options.dir);
  if (!settings) return fail(settings.error());
  auto instance = InstanceConfiguration::load(settings->instances, options.instance);
  if (!instance) return fail(instance.error());
  return work(*settings, *instance);
}

template <class Work>
int with_signer(const Options& options, Work work) {
  return with_instance(options, [&](const ProxySettings& settings, InstanceConfiguration& instance) {
    auto signer = signer::SignerConnection::open(signer::signer_socket(settings.directory));
    return signer ? work(settings, instance, *signer) : fail(signer.error());
  });
}

int create_instance(const Options& options) {
  const auto settings = ProxySettings::load(options.dir);
  if (!settings) return fail(settings.error());
  const auto made = InstanceConfiguration::create(settings->instances, options.instance);
  if (!made) return fail(made.error());
  return report(options, {{"instance", made->name()}, {"directory", made->folder().string()}},
                fmt::format("Made {}. Put the anchor of its source at {}", made->folder().string(),
                            made->anchor_file().string()));
}

int add_signing_key(const Options& options) {
  if (options.key.empty() == options.token.empty()) return misused("give either --key-id or --token-id");
  if (options.algorithm != "RSA" && options.algorithm != "EC") return misused("--algorithm is RSA or EC");
  return with_signer(options, [&](const ProxySettings&, InstanceConfiguration& instance, auto& signer) {
    std::string key = options.key;
    if (key.empty()) {
      auto made = configurationproxy::generate_signing_key(instance, signer, options.token, options.algorithm == "RSA");
      if (!made) return fail(made.error());
      key = *std::move(made);
    } else if (auto added = configurationproxy::add_signing_key(instance, signer, key); !added) {
      return fail(added.error());
    }
    const bool active = instance.active_key() == key;
    return report(
        options, {{"key", key}, {"active", active}, {"certificate", instance.certificate_file(key).string()}},
        fmt::format("Added the key {}, {}.", key, active ? "which signs from now on" : "which does not sign yet"));
  });
}

int activate_signing_key(const Options& options) {
  return with_signer(options, [&](const ProxySettings&, InstanceConfiguration& instance, auto& signer) {
    auto done = configurationproxy::activate_signing_key(instance, signer, options.key);
    return done ? report(options, {{"key", options.key}, {"active", true}}, "It signs from the next round on.")
                : fail(done.error());
  });
}

int delete_signing_key(const Options& options) {
  return with_signer(options, [&](const ProxySettings& settings, InstanceConfiguration& instance, auto& signer) {
    auto done = configurationproxy::delete_signing_key(settings.instances, instance, signer, options.key);
    if (!done) return fail(done.error());
    return report(options, {{"key", options.key}, {"deleted_from_signer", *done}},
                  *done ? "Deleted." : "Deleted from this instance; it is in the signer still, for another one.");
  });
}

int generate_anchor(const Options& options) {
  return with_instance(options, [&](const ProxySettings& settings, const InstanceConfiguration& instance) {
    const auto anchor = configurationproxy::proxy_anchor(settings, instance);
    if (!anchor) return fail(anchor.error());
    const std::string text = globalconf::write_anchor(*anchor), hash = globalconf::anchor_hash(text);
    if (auto written = write_file_atomically(options.file, text); !written) return fail(written.error());
    return report(options, {{"file", options.file}, {"instance", anchor->instance}, {"hash", hash}},
                  fmt::format("Wrote {}, an anchor of {}.\nHash (SHA-224): {}", options.file, anchor->instance, hash));
  });
}

int view_configuration(const Options& options) {
  if (options.instance.empty() != options.all) return misused("give either --proxy-instance or --all");
  const auto settings = ProxySettings::load(options.dir);
  if (!settings) return fail(settings.error());
  std::vector<std::string> names{options.instance};
  if (options.all) {
    auto known = InstanceConfiguration::names(settings->instances);
    if (!known) return fail(known.error());
    names = *std::move(known);
  }
  int outcome = kOk;
  json::array shown;
  for (const std::string& name : names) {
    const auto instance = InstanceConfiguration::load(settings->instances, name);
    // The others are shown all the same.
    if (!instance) {
      outcome = fail(instance.error());
      continue;
    }
    shown.push_back(describe_instance(*settings, *instance));
  }
  if (options.as_json)
    std::cout << json::serialize(options.all || shown.empty() ? json::value(shown) : shown[0]) << "\n";
  else
    for (const json::value& one : shown) print_instance(one.as_object());
  return outcome;
}

// The exit code says whether all is well.
int show(const Options& options, const configurationproxy::ProxyStatus& status) {
  if (options.as_json)
    std::cout << to_json(status);
  else
    print_status(status);
  const bool good = std::ranges::all_of(status.instances, [](const auto& instance) { return instance.good(now()); });
  return good ? kOk : kFailed;
}

int show_status(const Options& options) {
  const auto text = read_file(std::filesystem::path(options.dir) / configurationproxy::kStatusFile, kMaxStatus);
  if (!text) return fail(text.error().while_doing("the proxy has not run here yet"));
  const auto status = configurationproxy::status_from_json(*text);
  if (!status) return fail(status.error());
  const int outcome = show(options, *status);
  if (now() - status->updated < kSilence) return outcome;
  return fail(fault(FaultCode::io_error, "the proxy has said nothing since " + to_iso_seconds(status->updated)));
}

int run(const Options& options) {
  if (options.once)
    log::start("configuration-proxy");
  else
    begin_server_process("configuration-proxy");
  if (!options.once && !options.instance.empty()) return misused("--proxy-instance goes with --once");
  const auto settings = ProxySettings::load(options.dir);
  if (!settings) return fail(settings.error());
  if (options.once) {
    const auto name = options.instance.empty() ? std::nullopt : std::optional(options.instance);
    const auto done = configurationproxy::run_round(*settings, name);
    return done ? show(options, *done) : fail(done.error());
  }
  const auto ran = configurationproxy::run_proxy(*settings);
  return ran ? kOk : fail(ran.error());
}

// `example`: what follows the name on a complete line.
Command part(const OptionsPtr& options, const std::string& name, const std::string& purpose,
             int (*work)(const Options&), const std::string& example) {
  Command command(name, purpose);
  command.option("--dir", options->dir, "the proxy's directory, which has conf.d/, signer/ and run/");
  command.flag("--json", options->as_json, "print the result as JSON");
  command.action([options, work] { return work(*options); });
  command.example("causeway configuration-proxy " + name + " --dir /var/lib/causeway" + example);
  return command;
}

Command instance_part(const OptionsPtr& options, const std::string& name, const std::string& purpose,
                      int (*work)(const Options&), const std::string& example) {
  Command command = part(options, name, purpose, work, " -p PROXY1" + example);
  command.option("-p,--proxy-instance", options->instance, "name of the instance", true);
  return command;
}

Command key_part(const OptionsPtr& options, const std::string& name, const std::string& purpose,
                 int (*work)(const Options&)) {
  Command command = instance_part(options, name, purpose, work, " -k 15A0AFEE2602D2846621118997E268F5FA843C94");
  command.option("-k,--key-id", options->key, "id of the key", true);
  return command;
}

Command add_part(const OptionsPtr& options) {
  Command command = instance_part(options, "add-signing-key", "add a key; the first one signs at once", add_signing_key,
                                  " -t 0 -a EC");
  command.option("-k,--key-id", options->key, "a key that the signer has");
  command.option("-t,--token-id", options->token, "make a new key on this token");
  command.option("-a,--algorithm", options->algorithm, "of a new key: RSA or EC");
  return command;
}

Command anchor_part(const OptionsPtr& options) {
  Command command = instance_part(options, "generate-anchor", "write the anchor for clients of an instance",
                                  generate_anchor, " -f anchor.xml");
  command.option("-f,--filename", options->file, "file to write", true);
  return command;
}

Command view_part(const OptionsPtr& options) {
  Command command = part(options, "view-conf", "show the configuration of instances", view_configuration, " -p PROXY1");
  command.option("-p,--proxy-instance", options->instance, "name of the instance");
  command.flag("-a,--all", options->all, "all instances");
  return command;
}

Command run_part(const OptionsPtr& options) {
  Command command =
      part(options, "run", "download, verify, sign and serve the configuration of all instances", run, "");
  command.flag("--once", options->once, "one round, without serving; the exit code says whether all is well");
  command.option("-p,--proxy-instance", options->instance, "with --once: this instance only");
  return command;
}

}  // namespace

Command configuration_proxy_command() {
  const auto options = std::make_shared<Options>();
  Command command("configuration-proxy", "republish global configurations, signed with keys of one's own");
  command.subcommand(run_part(options));
  command.subcommand(
      instance_part(options, "create-instance", "make the folder of a new instance", create_instance, ""));
  command.subcommand(add_part(options));
  command.subcommand(key_part(options, "activate-signing-key", "let another key sign", activate_signing_key));
  command.subcommand(key_part(options, "del-signing-key", "delete a key that does not sign", delete_signing_key));
  command.subcommand(anchor_part(options));
  command.subcommand(view_part(options));
  command.subcommand(
      part(options, "status", "show how the last rounds went; fails unless all is well", show_status, ""));
  command.example("causeway configuration-proxy run --dir /var/lib/causeway");
  return command;
}

}  // namespace causeway::cli
