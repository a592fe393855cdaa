// SPDX-License-Identifier: MIT
#include "ecosystem/up.hpp"

#include <iostream>
#include <memory>

#include "base/log.hpp"
#include "cli/commands.hpp"

namespace causeway::cli {
namespace {

int fail(const Fault& fault) {
  std::cerr << "causeway up: " << fault.text << "\n";
  return kFailed;
}

// An internal process: one part of the ecosystem in `dir`.
Command part(const std::string& name, const std::string& purpose,
             Result<void> (*run)(const std::string& directory, const std::string& instance)) {
  struct Options {
    std::string directory, instance;
  };
  const auto options = std::make_shared<Options>();
  Command command(name, purpose);
  command.internal();
  command.option("--dir", options->directory, "Directory of the ecosystem", true);
  command.option("--instance", options->instance, "Which country", true);
  command.action([options, name, run] {
    log::start(name);
    const auto outcome = run(options->directory, options->instance);
    if (!outcome) log::error("{}", outcome.error().text);
    return outcome ? kOk : kFailed;
  });
  return command;
}

}  // namespace

Command up_command() {
  struct Options {
    ecosystem::UpOptions up{
        .directory = "causeway-ecosystem", .report = {}, .parameters = {}, .crowd = {}, .planned_centre = false};
    std::int64_t base_port = 0;
    std::string keys = "rsa2048";
    std::int64_t members = 0, services = 0, rights = 0;
  };
  const auto options = std::make_shared<Options>();
  Command command("up", "Run a complete local ecosystem: trust services, Security Servers, sample registers");
  command.flag("--federation", options->up.federation, "Two federated countries instead of one");
  command.option("--dir", options->up.directory, "Directory for everything; made on the first start, reused later");
  command.flag("--once", options->up.once, "Run the demonstration scenario, print its steps, and end");
  command.option("--report", options->up.report, "Run the scenario and write its steps to this file, as JSON");
  command.option("--base-port", options->base_port, "Use the ports from here on; 0: free ones");
  command.option("--keys", options->keys,
                 "Kind of the keys that servers get on the first start: rsa2048, rsa3072 or p256");
  command.option("--parameter", options->up.parameters, "section.name=value of every Security Server; may be repeated");
  command.option("--members", options->members, "Members of the first country, for measurements of scale");
  command.option("--services", options->services, "More services on the provider's server of the first country");
  command.option("--rights", options->rights, "Access rights on these services");
  command.flag("--planned-centre", options->up.planned_centre,
               "No Central Servers: publish the plan, as tests and measurements change it");
  command.example("causeway up --federation");
  command.example("causeway up --federation --once --report steps.json --dir /tmp/demo");
  command.action([options] {
    const auto keys = ecosystem::key_kind_from(options->keys);
    if (options->base_port < 0 || options->base_port > 65535 || !keys) {
      std::cerr << "causeway up: --base-port is a port, --keys is rsa2048, rsa3072 or p256\n";
      return kUsage;
    }
    if (options->members < 0 || options->services < 0 || options->rights < 0 ||
        (options->services == 0 && options->rights > 0)) {
      std::cerr << "causeway up: --members, --services and --rights are counts; rights need services\n";
      return kUsage;
    }
    options->up.crowd = {static_cast<std::size_t>(options->members), static_cast<std::size_t>(options->services),
                         static_cast<std::size_t>(options->rights)};
    options->up.base_port = static_cast<std::uint16_t>(options->base_port);
    options->up.keys = *keys;
    log::start("up", "error");  // what is read while others write it is read again
    const auto good = ecosystem::up(options->up);
    if (!good) return fail(good.error());
    return *good ? kOk : kFailed;
  });
  return command;
}

Command up_central_command() {
  return part("up-central", "Publishes the configuration of one country of `causeway up`",
              [](const std::string& directory, const std::string& instance) {
                return ecosystem::run_configuration_source(directory, instance);
              });
}

Command up_registers_command() {
  return part("up-registers", "Serves the sample registers of one country of `causeway up`",
              [](const std::string& directory, const std::string& instance) {
                return ecosystem::run_instance_registers(directory, instance);
              });
}

}  // namespace causeway::cli
