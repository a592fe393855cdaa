// SPDX-License-Identifier: MIT
// When the configuration is made: every minute, and soon after a change of the registry by
// whichever node, or a failure that may be over.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "base/round_thread.hpp"
#include "centralserver/configuration/generation_status.hpp"
#include "centralserver/configuration/generator.hpp"

namespace causeway::centralserver {

class GenerationRounds {
 public:
  using OpenRegistry = std::function<Result<std::unique_ptr<Registry>>()>;
  struct Options {
    std::chrono::seconds interval{60};
    std::filesystem::path status_file = {};
  };
  // Runs on a thread of its own until it is destroyed. `latest` gets the status of every round, and
  // outlives this.
  GenerationRounds(Options options, OpenRegistry registry, Generator generator, LatestGeneration& latest);

  // Begins a round as soon as it can. From any thread.
  void wake();

 private:
  using Clock = std::chrono::steady_clock;
  std::chrono::milliseconds look();
  bool is_due(Registry& registry) const;
  void run_round(const Registry& registry);

  const Options options_;
  const OpenRegistry open_registry_;
  Generator generator_;
  LatestGeneration& latest_;
  std::unique_ptr<Registry> registry_;  // of the thread
  Clock::time_point next_{};            // of the thread: at the latest
  std::atomic<bool> woken_ = false;
  RoundThread thread_;  // last: it uses all the others
};

}  // namespace causeway::centralserver
