// SPDX-License-Identifier: MIT
// The process of a configuration proxy: rounds of all instances, and the HTTP server that
// gives out what they publish. Keys are in the signer of the same directory.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "configurationproxy/round_report.hpp"
#include "configurationproxy/settings.hpp"

namespace causeway::configurationproxy {

// Serves and republishes until SIGINT or SIGTERM; SIGHUP begins a round at once. Instances that
// are added or changed meanwhile are taken up with the next round, conf.d only with the next
// start. io_error when another one runs in the directory, or the port is taken.
Result<void> run_proxy(const ProxySettings& settings);

// One round of one instance, or of all, without serving. io_error as above.
Result<ProxyStatus> run_round(const ProxySettings& settings, const std::optional<std::string>& instance);

}  // namespace causeway::configurationproxy
