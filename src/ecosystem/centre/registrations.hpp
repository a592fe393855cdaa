// SPDX-License-Identifier: MIT
// The Security Servers of a planned instance register themselves and their clients: by signed management requests,
// which are approved at the centre.
#pragma once

#include <chrono>

#include "base/result.hpp"
#include "ecosystem/centre/interface.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"
#include "ecosystem/retry.hpp"

namespace causeway::ecosystem {

// All processes of the instance run. `keep_waiting` is asked from several threads.
Result<void> register_servers(CentreInterface& centre, const Layout& layout, const PlannedInstance& instance,
                              const Ports& ports, const KeepWaiting& keep_waiting, std::chrono::seconds limit);

// Until every server has the configuration in which all that is planned is registered; they are told to look.
Result<void> wait_for_registrations(const Plan& plan, const Layout& layout, const KeepWaiting& keep_waiting,
                                    std::chrono::seconds limit);

}  // namespace causeway::ecosystem
