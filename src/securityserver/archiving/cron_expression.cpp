// SPDX-License-Identifier: MIT
#include "securityserver/archiving/cron_expression.hpp"

#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr int kFirstYear = 1970, kLastYear = 2169;
constexpr int kYearsAhead = 30;  // a 29th of February on a given weekday comes every 28 years
constexpr std::array kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array kWeekdays{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0;;) {
    at = text.find_first_not_of(" \t", at);
    if (at == std::string_view::npos) return found;
    const auto end = std::min(text.find_first_of(" \t", at), text.size());
    found.push_back(text.substr(at, end - at));
    at = end;
  }
}

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || stop != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

struct Bounds {
  int first, last;
  std::span<const char* const> names = {};  // of the values from 1 on
};

std::optional<int> value_of(std::string_view text, const Bounds& bounds) {
  for (std::size_t i = 0; i < bounds.names.size(); ++i)
    if (text == bounds.names[i]) return static_cast<int>(i) + 1;
  const auto number = number_of(text);
  return number && *number >= bounds.first && *number <= bounds.last ? number : std::nullopt;
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int year, int month) {
  constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// 1 is Sunday. Sakamoto's rule.
int weekday_of(int year, int month, int day) {
  constexpr std::array kShift{0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
  if (month < 3) --year;
  return (year + year / 4 - year / 100 + year / 400 + kShift[static_cast<std::size_t>(month - 1)] + day) % 7 + 1;
}

// The working day nearest to `day`, without leaving the month.
int nearest_working_day(int year, int month, int day) {
  const int last = days_in(year, month);
  day = std::min(day, last);
  const int weekday = weekday_of(year, month, day);
  if (weekday == 7) return day > 1 ? day - 1 : day + 2;
  if (weekday == 1) return day < last ? day + 1 : day - 2;
  return day;
}

}  // namespace

struct CronExpression::Reading {
  CronExpression& into;

  template <std::size_t Size>
  static bool field(std::string_view text, const Bounds& bounds, std::bitset<Size>& bits, int origin = 0) {
    for (const std::string_view item : split(text, ','))
      if (!add(item, bounds, bits, origin)) return false;
    return true;
  }

  template <std::size_t Size>
  static bool add(std::string_view item, const Bounds& bounds, std::bitset<Size>& bits, int origin) {
    int step = 1;
    const auto slash = item.find('/');
    if (slash != std::string_view::npos) {
      const auto number = number_of(item.substr(slash + 1));
      if (!number || *number == 0) return false;
      step = *number;
      item = item.substr(0, slash);
    }
    int first = bounds.first, last = bounds.last;
    if (item != "*" && !(item.empty() && slash != std::string_view::npos)) {
      const auto dash = item.find('-');
      const auto from = value_of(item.substr(0, dash), bounds);
      const auto to = dash == std::string_view::npos ? from : value_of(item.substr(dash + 1), bounds);
      if (!from || !to) return false;
      first = *from;
      if (dash != std::string_view::npos || slash == std::string_view::npos) last = *to;
    }
    const int size = bounds.last - bounds.first + 1;
    if (last < first) last += size;  // FRI-MON
    for (int value = first; value <= last; value += step)
      bits.set(static_cast<std::size_t>((value - bounds.first) % size + bounds.first - origin));
    return true;
  }

  bool days(std::string_view text) {
    if (text == "?") text = "*";
    if (text == "L" || text.starts_with("L-")) {
      into.last_day_ = true;
      if (text == "L") return true;
      const auto less = number_of(text.substr(2));
      into.last_day_less_ = less.value_or(0);
      return less && *less <= 30;
    }
    if (text == "LW") {
      into.nearest_weekday_ = -1;
      return true;
    }
    if (text.size() > 1 && text.ends_with('W')) {
      const auto day = number_of(text.substr(0, text.size() - 1));
      into.nearest_weekday_ = day.value_or(0);
      return day && *day >= 1 && *day <= 31;
    }
    return field(text, {1, 31}, into.days_);
  }

  bool weekdays(std::string_view text) {
    const Bounds bounds{1, 7, kWeekdays};
    if (text == "?") text = "*";
    if (text == "L") text = "7";
    if (text.size() > 1 && text.ends_with('L')) {
      const auto day = value_of(text.substr(0, text.size() - 1), bounds);
      into.last_weekday_ = day.value_or(0);
      return day.has_value();
    }
    if (const auto hash = text.find('#'); hash != std::string_view::npos) {
      const auto day = value_of(text.substr(0, hash), bounds);
      const auto nth = number_of(text.substr(hash + 1));
      into.nth_weekday_ = day.value_or(0);
      into.nth_ = nth.value_or(0);
      return day && nth && *nth >= 1 && *nth <= 5;
    }
    return field(text, bounds, into.weekdays_);
  }
};

Result<CronExpression> CronExpression::parse(std::string_view text) {
  std::string upper(text);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const auto fields = words(upper);
  if (fields.size() != 6 && fields.size() != 7)
    return fault(FaultCode::malformed_server_conf,
                 "'" + std::string(text) + "' has not the six or seven fields of a cron expression");
  CronExpression expression;
  Reading reading{expression};
  const std::string_view year = fields.size() == 7 ? fields[6] : "*";
  const bool understood[] = {Reading::field(fields[0], {0, 59}, expression.seconds_),
                             Reading::field(fields[1], {0, 59}, expression.minutes_),
                             Reading::field(fields[2], {0, 23}, expression.hours_),
                             reading.days(fields[3]),
                             Reading::field(fields[4], {1, 12, kMonths}, expression.months_),
                             reading.weekdays(fields[5]),
                             Reading::field(year, {kFirstYear, kLastYear}, expression.years_, kFirstYear)};
  for (std::size_t i = 0; i < std::size(understood); ++i)
    if (!understood[i])
      return fault(FaultCode::malformed_server_conf, "'" + std::string(i < fields.size() ? fields[i] : year) +
                                                         "' in '" + std::string(text) + "' is not understood");
  return expression;
}

bool CronExpression::is_due_on(int year, int month, int day) const {
  const int last = days_in(year, month);
  const int weekday = weekday_of(year, month, day);
  bool by_date = days_.test(static_cast<std::size_t>(day));
  if (last_day_) by_date = day == last - last_day_less_;
  if (nearest_weekday_ != 0)
    by_date = (nearest_weekday_ <= last) &&
              day == nearest_working_day(year, month, nearest_weekday_ < 0 ? last : nearest_weekday_);
  bool by_weekday = weekdays_.test(static_cast<std::size_t>(weekday));
  if (last_weekday_ != 0) by_weekday = weekday == last_weekday_ && day + 7 > last;
  if (nth_weekday_ != 0) by_weekday = weekday == nth_weekday_ && (day - 1) / 7 + 1 == nth_;
  return by_date && by_weekday;
}

std::optional<std::time_t> CronExpression::first_on(const std::tm& day, std::time_t begin) const {
  const auto at = [&](int hour, int minute, int second) -> std::optional<std::time_t> {
    std::tm moment = day;
    moment.tm_hour = hour;
    moment.tm_min = minute;
    moment.tm_sec = second;
    moment.tm_isdst = -1;
    const std::time_t time = std::mktime(&moment);
    if (moment.tm_hour != hour) return std::nullopt;  // left out when the clock is put forward
    return time;
  };
  for (int hour = 0; hour < 24; ++hour) {
    if (!hours_.test(static_cast<std::size_t>(hour)) || at(hour, 59, 59).value_or(0) < begin) continue;
    for (int minute = 0; minute < 60; ++minute) {
      if (!minutes_.test(static_cast<std::size_t>(minute)) || at(hour, minute, 59).value_or(0) < begin) continue;
      for (int second = 0; second < 60; ++second) {
        if (!seconds_.test(static_cast<std::size_t>(second))) continue;
        const auto due = at(hour, minute, second);
        if (due && *due >= begin) return due;
      }
    }
  }
  return std::nullopt;
}

std::optional<TimePoint> CronExpression::next(TimePoint after) const {
  std::time_t begin = std::chrono::system_clock::to_time_t(after) + 1;
  std::tm start{};
  ::localtime_r(&begin, &start);
  std::tm day = start;
  for (int days = 0; days <= kYearsAhead * 366; ++days) {
    day.tm_hour = 12;  // no change of the clock falls on noon
    day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    if (days > 0) ++day.tm_mday;
    std::mktime(&day);
    const int year = day.tm_year + 1900;
    if (year > kLastYear) return std::nullopt;
    if (!years_.test(static_cast<std::size_t>(year - kFirstYear)) ||
        !months_.test(static_cast<std::size_t>(day.tm_mon + 1)) || !is_due_on(year, day.tm_mon + 1, day.tm_mday))
      continue;
    if (const auto due = first_on(day, begin)) return std::chrono::system_clock::from_time_t(*due);
  }
  return std::nullopt;
}

}  // namespace causeway::securityserver
