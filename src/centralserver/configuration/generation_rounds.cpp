// SPDX-License-Identifier: MIT
#include "centralserver/configuration/generation_rounds.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/log.hpp"
#include "centralserver/registry/configuration_generations.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::chrono::seconds kLook{1};    // how soon a change is noticed
constexpr std::chrono::seconds kRetry{10};  // after a round in which nobody could sign

}  // namespace

GenerationRounds::GenerationRounds(Options options, OpenRegistry registry, Generator generator,
                                   LatestGeneration& latest)
    : options_(std::move(options)),
      open_registry_(std::move(registry)),
      generator_(std::move(generator)),
      latest_(latest),
      thread_([this] { return look(); }) {}

void GenerationRounds::wake() {
  woken_ = true;
  thread_.wake();
}

std::chrono::milliseconds GenerationRounds::look() {
  const bool woken = woken_.exchange(false);
  if (!registry_) {
    auto opened = open_registry_();
    if (opened)
      registry_ = *std::move(opened);
    else
      log::error("no configuration is made: {}", opened.error().text);
  }
  // A connection that was lost stays lost.
  if (registry_ && !latest_change(*registry_)) registry_.reset();
  if (registry_ && (woken || is_due(*registry_))) run_round(*registry_);
  return registry_ ? kLook : kRetry;
}

bool GenerationRounds::is_due(Registry& registry) const {
  if (Clock::now() >= next_) return true;
  const auto change = latest_change(registry);
  return change && *change != generator_.made_of_change();
}

void GenerationRounds::run_round(const Registry& registry) {
  GenerationStatus status = generator_.run_round(registry);
  // What keeps a whole source from being signed, such as a PIN, is often soon over; a version
  // that cannot be made waits for a change.
  const bool again = status.fault.has_value();
  next_ = Clock::now() + (again ? std::min(kRetry, options_.interval) : options_.interval);
  if (!options_.status_file.empty())
    if (auto written = write_file_atomically(options_.status_file, to_json(status)); !written)
      log::error("{}", written.error().text);
  latest_.set(std::move(status));
}

}  // namespace causeway::centralserver
