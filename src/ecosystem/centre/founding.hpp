// SPDX-License-Identifier: MIT
// The Central Server of a planned instance: its directory, and what it is told by its administration interface before
// there are Security Servers.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "ecosystem/centre/interface.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"

namespace causeway::ecosystem {

// Parameters, written at every start; certificates and an API key for whoever may read its file, made once. `anew`:
// what an interrupted run left is deleted first.
Result<void> prepare_centre(const Layout& layout, const PlannedInstance& instance, const InstancePorts& ports,
                            bool anew);
// A command line that asks the Central Server, by the key in its file; nothing when there is none, as the plan is
// published.
std::optional<std::string> centre_line(const Layout& layout, const PlannedInstance& instance,
                                       const InstancePorts& ports, const std::string& path);
std::string centre_url(const InstancePorts& ports);
std::filesystem::path centre_certificate(const Layout& layout, const PlannedInstance& instance);
Result<std::unique_ptr<CentreInterface>> open_centre(const Layout& layout, const PlannedInstance& instance,
                                                     const InstancePorts& ports);

// Initialises it; signing keys, member classes, the owners of the servers, who serves the management requests,
// trust services and groups. Its token is opened by the signer itself later on.
Result<void> found_instance(CentreInterface& centre, const Layout& layout, const PlannedInstance& instance,
                            const InstancePorts& ports);
// After a start at other ports.
Result<void> tell_ports(CentreInterface& centre, const InstancePorts& ports);

// Writes the anchors of an instance to their files.
Result<void> download_anchors(CentreInterface& centre, const Layout& layout, const PlannedInstance& instance);
// Has it trust the instance whose anchor was downloaded.
Result<void> trust_instance(CentreInterface& centre, const Layout& layout, const PlannedInstance& other);

}  // namespace causeway::ecosystem
