// SPDX-License-Identifier: MIT
// The anchor by which clients of a proxy find and verify what it publishes.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "configurationproxy/instance_configuration.hpp"
#include "configurationproxy/settings.hpp"
#include "globalconf/anchor.hpp"

namespace causeway::configurationproxy {

// Where the configuration of `instance` is published, http and https. Empty while the
// proxy has no address.
std::vector<std::string> configuration_urls(const ProxySettings& settings, std::string_view instance);

// For the instance of the source's anchor, with the certificates of all signing keys.
// malformed_configuration without an address or a key; faults of what it is made from.
Result<globalconf::Anchor> proxy_anchor(const ProxySettings& settings, const InstanceConfiguration& instance,
                                        TimePoint at = now());

}  // namespace causeway::configurationproxy
