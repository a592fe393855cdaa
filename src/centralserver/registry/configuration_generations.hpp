// SPDX-License-Identifier: MIT
// When each node last made the configuration, for those that look at the cluster as a whole. No
// change of the registry: there is nothing of it in the history.
#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"
#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {

Result<void> note_generation(const Registry& registry, TimePoint at);
// By node.
Result<std::map<std::string, TimePoint>> configuration_generations(const Registry& registry);

// The number of the latest change of the registry, also by other nodes: as long as it stays, the
// same configuration would be made of it.
Result<std::int64_t> latest_change(const Registry& registry);

}  // namespace causeway::centralserver
