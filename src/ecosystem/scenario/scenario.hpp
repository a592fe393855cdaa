// SPDX-License-Identifier: MIT
// The demonstration: what a federation of two countries must be able to do and must
// refuse, step by step, by real requests to the running ecosystem.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"

namespace causeway::ecosystem {

struct StepReport {
  std::string name;
  bool ok = false;
  double ms = 0;
  std::string detail;  // what was seen, or what was wrong
};

// `tell` hears of each step when it has ended. Steps across the border need two instances.
// Leaves the ecosystem as usable as it was.
std::vector<StepReport> run_scenario(const Plan& plan, const Ports& ports, const Layout& layout,
                                     const std::function<void(const StepReport&)>& tell);

}  // namespace causeway::ecosystem
