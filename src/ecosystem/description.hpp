// SPDX-License-Identifier: MIT
// ecosystem.json: everything that a script needs to use the running ecosystem
// (docs/ecosystem.md).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/children.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"
#include "ecosystem/samples.hpp"

namespace causeway::ecosystem {

// The name of the process of a security server: "ee-ss1"; of the others: "ee-central",
// "ee-test-ca", "ee-registers". Log files are called so.
std::string process_name(const PlannedInstance& instance, std::string_view role);

// A curl line that downloads the containers of the exchange with this id.
std::string evidence_line(const PlannedInstance& instance, const Ports& ports, const std::string& query_id);

Result<void> write_description(const Plan& plan, const Ports& ports, const Layout& layout, const Children& children,
                               const std::vector<Sample>& samples, const std::string& latest_id);

}  // namespace causeway::ecosystem
