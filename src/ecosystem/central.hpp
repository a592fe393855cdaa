// SPDX-License-Identifier: MIT
// A configuration source of an instance that needs no Central Server: what one would publish, made from the
// plan instead of an administration's database.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"
#include "globalconf/description.hpp"
#include "globalconf/publisher.hpp"
#include "pki/certificate.hpp"

namespace causeway::ecosystem {

// Where an instance's configuration is downloaded.
std::string source_address(const InstancePorts& ports);

// The keys that sign the configuration.
Result<void> make_source_keys(const Layout& layout, const PlannedInstance& instance);
// Remembers which certificate a server is known by.
Result<void> write_authentication_certificate(const Layout& layout, const PlannedInstance& instance,
                                              const PlannedServer& server, const pki::Certificate& certificate);

// Anchors of all instances for their servers and partners; the ports stand in them, so
// they are written at every start.
Result<void> write_anchors(const Plan& plan, const Ports& ports, const Layout& layout);
std::filesystem::path internal_anchor_file(const Layout& layout, const PlannedInstance& instance);
std::filesystem::path external_anchor_file(const Layout& layout, const PlannedInstance& instance);

// How many members the configuration of an instance has, at least those of the plan
// (crowd.hpp). A running source takes up what is written within a second.
Result<void> write_member_count(const Layout& layout, const PlannedInstance& instance, std::size_t members);

// Publishes and serves one instance's configuration until SIGINT or SIGTERM.
Result<void> run_configuration_source(const Plan& plan, const Ports& ports, const Layout& layout, std::size_t instance);

}  // namespace causeway::ecosystem
