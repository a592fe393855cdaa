// SPDX-License-Identifier: MIT
// Steps about what the exchange has left behind.
#pragma once

#include "ecosystem/scenario/kit.hpp"

namespace causeway::ecosystem {

// Request and response of every answered call stand in the logs of both servers, under
// the id of the call.
StepOutcome logged_on_both_sides(Kit& kit);

// Each of these records has a time-stamp by its country's authority that proves it. The
// servers are asked for a round at once, which would come within a minute by itself.
StepOutcome time_stamped_on_both_sides(Kit& kit);

}  // namespace causeway::ecosystem
