// SPDX-License-Identifier: MIT
// What a run of the benchmark found: goals, tables, and on what machine.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "bench/chart.hpp"
#include "bench/goal.hpp"
#include "bench/machine.hpp"

namespace causeway::bench {

using Cell = std::variant<std::string, double>;

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // as many cells as there are columns
};

struct Report {
  Machine machine;
  std::string conditions;  // "5 interleaved rounds of 4 s; ..."
  std::vector<Goal> goals;
  std::vector<Table> tables;
  std::vector<Chart> charts = {};
  // Requests that failed, a line each: the figures do not count then.
  std::vector<std::string> failures = {};
};

// A number with three significant digits; large ones, and those that are whole, without a fraction.
std::string number_text(double value);
std::string cell_text(const Cell& cell);

Table goal_table(const std::vector<Goal>& goals);

// For a terminal.
std::string to_text(const Report& report);
// {"machine": {...}, "conditions", "goals": [{"number", "measure", "unit", "must", "goal",
// "better", "median", "worst", "rounds", "verdict"}], "tables": [{"title", "rows": [{column:
// value}]}], "failures": [...]}
std::string to_json(const Report& report);

}  // namespace causeway::bench
