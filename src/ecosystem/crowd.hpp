// SPDX-License-Identifier: MIT
// A country's other members, for measurements of scale: whom the configuration names
// beside those of the plan, and the services and rights that a Security Server holds beside
// its planned ones. Nobody of them runs; the exchange goes on among the planned.
//
// Names follow from numbers, so that the same sizes give the same crowd.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "globalconf/description.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::ecosystem {

inline constexpr std::size_t kSubsystemsOfMember = 3;
inline constexpr std::size_t kMembersOfServer = 20;

// Adds members until there are `total`: each with three subsystems, and for twenty of them a
// Security Server, with an authentication certificate, where all their subsystems are clients.
Result<void> add_members(globalconf::InstanceDescription& to, std::size_t total);

// Adds `services` REST services to `client`, all of them at `url`, and `rights` access rights
// for subsystems of the crowd, spread evenly. At most kLargestCrowd subsystems have a right.
Result<void> add_services(securityserver::Client& client, const std::string& url, std::size_t services,
                          std::size_t rights);

inline constexpr std::size_t kLargestCrowd = 300'000;

}  // namespace causeway::ecosystem
