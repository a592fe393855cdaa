// SPDX-License-Identifier: MIT
// Carrying out a plan.
#pragma once

#include <functional>
#include <optional>

#include "country/step.hpp"

namespace causeway::country {

struct Applied {
  std::size_t done = 0;             // steps
  std::optional<Fault> fault = {};  // of the one that was refused, where it ended
};

// One step after another; `doing` is told of each before it is done. Ends at the first that is refused:
// what was done is good, and a plan made anew goes on from there.
Applied apply_plan(AdminApi& api, const Plan& plan, const std::function<void(const Step&)>& doing);

}  // namespace causeway::country
