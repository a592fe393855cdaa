// SPDX-License-Identifier: MIT
#include "base/clock.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway {
namespace {

using std::chrono::milliseconds;

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<milliseconds> time;
};

Civil civil(TimePoint time) {
  const auto at = std::chrono::floor<milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss<milliseconds>{at - day}};
}

std::string text_of(const Civil& at, bool with_millis) {
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(at.date.year()), unsigned(at.date.month()),
                                 unsigned(at.date.day()), at.time.hours().count(), at.time.minutes().count(),
                                 at.time.seconds().count());
  if (with_millis) text += fmt::format(".{:03}", at.time.subseconds().count());
  return text + "Z";
}

// Reads fixed-width fields from the front of a text.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  bool number(std::size_t width, int& value) {
    if (rest_.size() < width) return false;
    value = 0;
    for (const char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return true;
  }

  bool character(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool fraction(std::chrono::nanoseconds& value) {
    std::int64_t nanos = 0;
    int digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
      if (digits < 9) nanos = nanos * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    for (int i = digits; i < 9; ++i) nanos *= 10;
    value = std::chrono::nanoseconds{nanos};
    return digits > 0;
  }

  bool offset(std::chrono::minutes& value) {
    if (character('Z')) return rest_.empty();
    const bool behind = !rest_.empty() && rest_.front() == '-';
    int hours = 0;
    int minutes = 0;
    if (!character('+') && !character('-')) return false;
    if (!number(2, hours) || !character(':') || !number(2, minutes)) return false;
    value = std::chrono::minutes{(behind ? -1 : 1) * (hours * 60 + minutes)};
    return rest_.empty() && hours <= 18 && minutes < 60;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::int64_t to_unix_millis(TimePoint time) {
  return std::chrono::floor<milliseconds>(time.time_since_epoch()).count();
}

TimePoint from_unix_millis(std::int64_t millis) {
  // A TimePoint counts nanoseconds, which ends in 2262; "9999-12-31" is a usual way to say never.
  constexpr auto first = std::chrono::ceil<milliseconds>(TimePoint::min().time_since_epoch());
  constexpr auto last = std::chrono::floor<milliseconds>(TimePoint::max().time_since_epoch());
  return TimePoint{std::clamp(milliseconds{millis}, first, last)};
}

std::string to_iso_seconds(TimePoint time) { return text_of(civil(time), false); }

std::string to_iso_millis(TimePoint time) { return text_of(civil(time), true); }

Result<TimePoint> parse_iso(std::string_view text) {
  const Fault bad{"invalid_encoding", "not an ISO 8601 date-time with offset: " + std::string(text.substr(0, 40))};
  Fields fields(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!fields.number(4, year) || !fields.character('-') || !fields.number(2, month) || !fields.character('-') ||
      !fields.number(2, day) || !fields.character('T') || !fields.number(2, hour) || !fields.character(':') ||
      !fields.number(2, minute))
    return bad;
  if (fields.character(':') && !fields.number(2, second)) return bad;
  std::chrono::nanoseconds fraction{0};
  std::chrono::minutes offset{0};
  if (fields.character('.') && !fields.fraction(fraction)) return bad;
  if (!fields.offset(offset)) return bad;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return bad;
  const auto at = std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                  std::chrono::seconds{second} - offset;
  const TimePoint whole = from_unix_millis(std::chrono::milliseconds{at.time_since_epoch()}.count());
  return std::min(whole, TimePoint::max() - fraction) + std::chrono::duration_cast<TimePoint::duration>(fraction);
}

}  // namespace causeway
