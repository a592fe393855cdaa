// SPDX-License-Identifier: MIT
#include "bench/goal.hpp"

#include <algorithm>

namespace causeway::bench {

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double Goal::median() const { return median_of(rounds); }

double Goal::worst() const {
  if (rounds.empty()) return 0;
  return better == Better::more ? *std::ranges::min_element(rounds) : *std::ranges::max_element(rounds);
}

Verdict Goal::verdict() const {
  const auto reaches = [this](double limit) {
    return !rounds.empty() && (better == Better::more ? median() >= limit : median() <= limit);
  };
  if (reaches(goal)) return Verdict::goal;
  return reaches(must) ? Verdict::must : Verdict::missed;
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::goal:
      return "goal met";
    case Verdict::must:
      return "must met";
    case Verdict::missed:
      break;
  }
  return "missed";
}

}  // namespace causeway::bench
