// SPDX-License-Identifier: MIT
// The difference between a country's file and a Central Server, as an ordered list of steps.
#pragma once

#include "country/server_state.hpp"
#include "country/step.hpp"

namespace causeway::country {

// Additions come before what needs them, deletions last, those of what leans on others first. With
// `deleting` false, what the file does not have is kept and told. What can not be deleted because
// Security Servers need it is kept in either case.
//
// Each step leaves the server in a state from which a plan made anew goes on, so that an apply that was
// killed anywhere is finished by the next one. wrong_instance; malformed_country where a file wants
// what only the server decides, or a certificate that it knows by its digest only.
Result<Plan> make_plan(const Country& wanted, const ServerState& state, bool deleting);

// Reads the state of those sections that `wanted` has, and what a deletion depends on.
Result<Plan> plan_for(AdminApi& api, const Country& wanted, bool deleting);

}  // namespace causeway::country
