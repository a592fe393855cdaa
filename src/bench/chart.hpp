// SPDX-License-Identifier: MIT
// Bars as SVG, for documents.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace causeway::bench {

struct Bar {
  std::string label;
  double value = 0;
  // A line across the bar: where it should reach, or stay below.
  std::optional<double> mark = {};
  // Drawn in the colour of what is good, or of what is not; nothing: neither.
  std::optional<bool> good = {};
};

struct Chart {
  std::string name;   // of the file, without ".svg"
  std::string title;  // with the unit
  std::vector<Bar> bars = {};
  bool logarithmic = false;  // values of 0 and less are drawn as nothing
};

// A whole document. Text in it is escaped.
std::string to_svg(const Chart& chart);

}  // namespace causeway::bench
