// SPDX-License-Identifier: MIT
// A line of the table of goals: what was measured, round by round, against what it must be
// and what it should be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace causeway::bench {

enum class Better { more, less };
enum class Verdict { missed, must, goal };  // `must`: as good as it has to be; `goal`: as it should be

struct Goal {
  std::string number;   // of the table: "6"
  std::string measure;  // "T/U, 1 KB REST GET, 256 connections"
  std::string unit;     // "ms"; empty for a ratio
  double must = 0, goal = 0;
  Better better = Better::more;
  std::vector<double> rounds = {};  // one value a round; not empty once measured

  double median() const;
  // Of the rounds.
  double worst() const;
  // Judged by the median.
  Verdict verdict() const;
};

double median_of(std::vector<double> values);  // 0 for none

// "missed", "must met", "goal met"
std::string_view to_string(Verdict verdict);

}  // namespace causeway::bench
