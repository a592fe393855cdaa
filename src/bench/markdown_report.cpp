// SPDX-License-Identifier: MIT
#include "bench/markdown_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.hpp"
#include "base/files.hpp"

namespace causeway::bench {
namespace {

std::string row_of(const std::vector<Cell>& cells) {
  std::string text = "|";
  for (const Cell& cell : cells) text += " " + cell_text(cell) + " |";
  return text + "\n";
}

std::string table_of(const Table& table) {
  std::string text = "|";
  for (const std::string& column : table.columns) text += " " + column + " |";
  text += "\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const bool numbers = !table.rows.empty() && std::holds_alternative<double>(table.rows.back()[i]);
    text += numbers ? "---:|" : "---|";
  }
  text += "\n";
  for (const auto& row : table.rows) text += row_of(row);
  return text;
}

// How many times over a goal reaches what it must; the mark is where it should be.
Chart goal_chart(const std::vector<Goal>& goals) {
  Chart chart{.name = "performance-goals",
              .title = "Goals: what was reached over what must be (1 is enough); the line is where it should be",
              .bars = {},
              .logarithmic = true};
  for (const Goal& goal : goals) {
    const bool more = goal.better == Better::more;
    const double reached = more ? goal.median() / goal.must : goal.must / std::max(goal.median(), 1e-9);
    chart.bars.push_back({.label = fmt::format("{}: {}", goal.number, goal.measure.substr(0, 52)),
                          .value = reached,
                          .mark = more ? goal.goal / goal.must : goal.must / goal.goal,
                          .good = goal.verdict() != Verdict::missed});
  }
  return chart;
}

std::string image_of(const Chart& chart) { return fmt::format("\n![{}]({}.svg)\n", chart.title, chart.name); }

}  // namespace

std::string to_markdown(const Report& report, const std::string& date) {
  std::string text = fmt::format(
      "# Performance\n\n"
      "Written by `causeway bench --report` on {}. What is measured, how, and what else is known of\n"
      "it: [benchmark.md](benchmark.md). Ratios carry over to other machines; absolute numbers do not.\n\n"
      "Machine: {}.\n\n{}.\n",
      date, report.machine.to_string(), report.conditions);
  for (const std::string& failure : report.failures) text += "\n**Failed:** " + failure + "\n";
  if (!report.goals.empty()) {
    text += "\n## Goals\n\nJudged by the median of the rounds. T: the Causeway pair; U: the nginx pair.\n\n";
    text += table_of(goal_table(report.goals)) + image_of(goal_chart(report.goals));
  }
  for (const Table& table : report.tables) text += fmt::format("\n## {}\n\n{}", table.title, table_of(table));
  if (!report.charts.empty()) text += "\n## Plots\n";
  for (const Chart& chart : report.charts) text += image_of(chart);
  return text;
}

Result<void> write_report(const Report& report, const std::filesystem::path& directory) {
  if (auto made = make_directories(directory); !made) return made;
  std::vector<Chart> charts = report.charts;
  if (!report.goals.empty()) charts.push_back(goal_chart(report.goals));
  for (const Chart& chart : charts) {
    if (auto written = write_file_atomically(directory / (chart.name + ".svg"), to_svg(chart)); !written)
      return written;
  }
  return write_file_atomically(directory / "performance.md", to_markdown(report, to_iso_seconds(now()).substr(0, 10)));
}

}  // namespace causeway::bench
