// SPDX-License-Identifier: MIT
// Waiting until an ecosystem answers.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "ecosystem/caller.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"
#include "ecosystem/retry.hpp"

namespace causeway::ecosystem {

// Until configuration and trust services of every instance answer: a server that starts
// before them tries again only after a minute.
Result<void> wait_for_sources(const Ports& ports, Caller& caller, const KeepWaiting& keep_waiting,
                              std::chrono::seconds limit);

// Until a signed call of the app of each instance has been answered by each instance. The
// x-road-id of the first instance's call, across the border where there is one. After
// `limit` network_error, with what was in the way last.
Result<std::string> wait_until_ready(const Plan& plan, const Ports& ports, Caller& caller,
                                     const KeepWaiting& keep_waiting, std::chrono::seconds limit);

}  // namespace causeway::ecosystem
