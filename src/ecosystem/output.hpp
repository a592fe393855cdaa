// SPDX-License-Identifier: MIT
// What `causeway up` tells people.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"
#include "ecosystem/samples.hpp"
#include "ecosystem/scenario/scenario.hpp"

namespace causeway::ecosystem {

// Progress goes to standard error, results to standard output.
void print_progress(const std::string& text);
void print_overview(const Plan& plan, const Ports& ports, const Layout& layout, const std::vector<Sample>& samples);
void print_step(const StepReport& step);
void print_summary(const std::vector<StepReport>& steps);

// {"steps":[{"name","ok","ms","detail"}]}
Result<void> write_report(const std::string& file, const std::vector<StepReport>& steps);

// The last lines of a log file, for the terminal.
std::string last_lines(const std::filesystem::path& log, std::size_t lines);

}  // namespace causeway::ecosystem
