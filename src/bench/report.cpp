// SPDX-License-Identifier: MIT
#include "bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace causeway::bench {
namespace {

namespace json = boost::json;

// Numbers to the right, words to the left.
std::string aligned(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    std::size_t width = table.columns[column].size();
    for (const auto& row : table.rows) width = std::max(width, cell_text(row[column]).size());
    widths.push_back(width);
  }
  std::string text = table.title + "\n";
  const auto line = [&](const std::vector<Cell>& cells, bool heading) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool number = heading ? !table.rows.empty() && std::holds_alternative<double>(table.rows.front()[i])
                                  : std::holds_alternative<double>(cells[i]);
      text += number ? fmt::format("  {:>{}}", cell_text(cells[i]), widths[i])
                     : fmt::format("  {:<{}}", cell_text(cells[i]), widths[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  };
  line({table.columns.begin(), table.columns.end()}, true);
  for (const auto& row : table.rows) line(row, false);
  return text;
}

json::object to_value(const Machine& machine) {
  return {{"cpu", machine.cpu},       {"cores", machine.cores},     {"memory_gb", machine.memory_gb},
          {"kernel", machine.kernel}, {"openssl", machine.openssl}, {"nginx", machine.nginx}};
}

json::object to_value(const Goal& goal) {
  return {{"number", goal.number},
          {"measure", goal.measure},
          {"unit", goal.unit},
          {"must", goal.must},
          {"goal", goal.goal},
          {"better", goal.better == Better::more ? "more" : "less"},
          {"median", goal.median()},
          {"worst", goal.worst()},
          {"rounds", json::array(goal.rounds.begin(), goal.rounds.end())},
          {"verdict", to_string(goal.verdict())}};
}

json::object to_value(const Table& table) {
  json::array rows;
  for (const auto& cells : table.rows) {
    json::object row;
    for (std::size_t i = 0; i < cells.size(); ++i)
      row[table.columns[i]] = std::visit([](const auto& value) { return json::value(value); }, cells[i]);
    rows.push_back(std::move(row));
  }
  return {{"title", table.title}, {"rows", std::move(rows)}};
}

}  // namespace

std::string number_text(double value) {
  const double size = std::abs(value);
  if (size >= 100 || value == std::floor(value)) return fmt::format("{:.0f}", value);
  if (size >= 10) return fmt::format("{:.1f}", value);
  return size >= 1 ? fmt::format("{:.2f}", value) : fmt::format("{:.3f}", value);
}

std::string cell_text(const Cell& cell) {
  const auto* words = std::get_if<std::string>(&cell);
  return words != nullptr ? *words : number_text(std::get<double>(cell));
}

Table goal_table(const std::vector<Goal>& goals) {
  Table table{
      .title = "Goals", .columns = {"#", "measure", "median", "worst", "must", "goal", "unit", "verdict"}, .rows = {}};
  for (const Goal& goal : goals)
    table.rows.push_back({goal.number, goal.measure, goal.median(), goal.worst(), goal.must, goal.goal, goal.unit,
                          std::string(to_string(goal.verdict()))});
  return table;
}

std::string to_text(const Report& report) {
  std::string text = report.machine.to_string() + "\n" + report.conditions + "\n";
  for (const Table& table : report.tables) text += "\n" + aligned(table);
  if (!report.goals.empty()) text += "\n" + aligned(goal_table(report.goals));
  for (const std::string& failure : report.failures) text += "\nFAILED: " + failure;
  if (!report.failures.empty()) text += "\n";
  return text;
}

std::string to_json(const Report& report) {
  json::array goals, tables;
  for (const Goal& goal : report.goals) goals.push_back(to_value(goal));
  for (const Table& table : report.tables) tables.push_back(to_value(table));
  return json::serialize(json::object{{"machine", to_value(report.machine)},
                                      {"conditions", report.conditions},
                                      {"goals", std::move(goals)},
                                      {"tables", std::move(tables)},
                                      {"failures", json::array(report.failures.begin(), report.failures.end())}}) +
         "\n";
}

}  // namespace causeway::bench
