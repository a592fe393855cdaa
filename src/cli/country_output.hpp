// SPDX-License-Identifier: MIT
// How plans look to people and to programs.
#pragma once

#include <string>

#include "country/apply.hpp"
#include "country/plan.hpp"

namespace causeway::cli {

// "+ member GOV/1234: Ministry of Examples"
std::string step_text(const country::Step& step);
// Every step, what is kept, and how many there are of each.
void print_plan(const country::Plan& plan);

// The end of a sentence: how many are kept, if any.
std::string kept_text(const country::Plan& plan);

std::string plan_json(const country::Plan& plan);
// The same with "done", and "fault" where it ended.
std::string applied_json(const country::Plan& plan, const country::Applied& applied);

}  // namespace causeway::cli
