// SPDX-License-Identifier: MIT
// Fills the registry of a Central Server, for measurements.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "bench/crowded_registry.hpp"
#include "centralserver/server/registry_access.hpp"
#include "centralserver/server/settings.hpp"
#include "cli/commands.hpp"

namespace causeway::cli {
namespace {

struct Options {
  std::string dir;
  std::int64_t members = 0;
};

Result<void> fill(const Options& options) {
  const auto settings = centralserver::CentralServerSettings::load(options.dir);
  if (!settings) return settings.error();
  auto registry = centralserver::open_registry(*settings);
  if (!registry) return registry.error();
  auto change = centralserver::Change::begin(**registry, "bench-registry");
  if (!change) return change.error();
  if (auto done = bench::register_crowd(*change, static_cast<std::size_t>(options.members)); !done) return done;
  return change->commit();
}

int run(const Options& options) {
  const auto filled = fill(options);
  if (filled) return kOk;
  std::cerr << "causeway bench-registry: " << filled.error().text << "\n";
  return kFailed;
}

}  // namespace

Command bench_registry_command() {
  const auto options = std::make_shared<Options>();
  Command command("bench-registry", "Fills the registry of an initialised Central Server");
  command.internal()
      .option("--dir", options->dir, "The server's directory", true)
      .option("--members", options->members, "How many members, with three subsystems each", true)
      .action([options] { return run(*options); });
  return command;
}

}  // namespace causeway::cli
