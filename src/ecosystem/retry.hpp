// SPDX-License-Identifier: MIT
// Waiting for something that others do.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "base/result.hpp"
#include "domain/fault_code.hpp"

namespace causeway::ecosystem {

// How a wait goes on: a Fault ends it early (a process is gone, the user gave up).
using KeepWaiting = std::function<Result<void>()>;

// Tries until it succeeds. After `limit` network_error, with what was in the way last.
template <class Try>
Result<void> retry(const Try& attempt, const std::string& what, const KeepWaiting& keep_waiting,
                   std::chrono::seconds limit, std::chrono::milliseconds pause = std::chrono::milliseconds(20)) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const Result<void> tried = attempt();
    if (tried) return {};
    if (auto go_on = keep_waiting(); !go_on) return go_on;
    if (std::chrono::steady_clock::now() > until) {
      return fault(FaultCode::network_error, fmt::format("{} does not answer: {}", what, tried.error().text));
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace causeway::ecosystem
