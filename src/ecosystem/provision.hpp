// SPDX-License-Identifier: MIT
// Filling an ecosystem's directory: keys and certificates once, everything that names a
// port or a service at every start.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/keys.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"

namespace causeway::ecosystem {

// Who publishes the configuration of an instance: a Central Server, or a source that makes it from the plan.
enum class CentreKind { program, planned };

// Keys of all roles, on all cores at once. What an interrupted run left is deleted first;
// registers are kept. Planned sources know the servers' certificates; Central Servers have to be asked.
Result<void> make_keys(const Plan& plan, const Layout& layout, KeyKind kind, CentreKind centre);

// What a measurement of scale wants beside the plan (crowd.hpp), in the first country: members
// altogether; services and access rights on the server of its provider.
struct CrowdSizes {
  std::size_t members = 0, services = 0, rights = 0;
};

// Parameters and server configurations; the anchors are there. `parameters`: "section.name=value" for every
// server, over those that all have; bad_request for another text.
Result<void> write_configurations(const Plan& plan, const Ports& ports, const Layout& layout,
                                  const CrowdSizes& crowd = {}, const std::vector<std::string>& parameters = {});

}  // namespace causeway::ecosystem
