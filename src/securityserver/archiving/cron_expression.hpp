// SPDX-License-Identifier: MIT
// When something is due, in the form of Quartz that X-Road's parameters have:
//
//   seconds minutes hours day-of-month month day-of-week [year]
//
// Each field: * or values, ranges (8-17) and steps (0/6, 8-17/2, */15), separated by
// commas; months and weekdays (1 is Sunday) also by name, ranges of them may wrap. One of
// the two day fields is ?, or both say what is due together. Day of month also L, L-n, W;
// day of week also nL (last) and n#k (k-th of the month).
#pragma once

#include <bitset>
#include <ctime>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::securityserver {

class CronExpression {
 public:
  // malformed_server_conf, with the field that is not understood.
  static Result<CronExpression> parse(std::string_view text);

  // The first moment behind `after` when it is due, by the clock of this machine's time
  // zone; nothing when there is none within some years.
  std::optional<TimePoint> next(TimePoint after) const;

 private:
  CronExpression() = default;
  struct Reading;
  bool is_due_on(int year, int month, int day) const;
  // The first due second of that day, from `begin` on.
  std::optional<std::time_t> first_on(const std::tm& day, std::time_t begin) const;

  // Bits by value.
  std::bitset<60> seconds_, minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<8> weekdays_;  // 1 is Sunday
  std::bitset<200> years_;   // from 1970
  bool last_day_ = false;    // L, less last_day_less_
  int last_day_less_ = 0;
  int nearest_weekday_ = 0;  // W: of this day; -1: of the last
  int last_weekday_ = 0;     // nL
  int nth_weekday_ = 0, nth_ = 0;
};

}  // namespace causeway::securityserver
