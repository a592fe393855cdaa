// SPDX-License-Identifier: MIT
#include "net/http_date.hpp"

#include <array>
#include <string>

namespace causeway::net {
namespace {

constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::optional<TimePoint> read_http_date(std::string_view text) {
  if (text.size() != kForm.size() || !text.ends_with(" GMT")) return std::nullopt;
  const std::string_view day = text.substr(5, 2), name = text.substr(8, 3), year = text.substr(12, 4);
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    if (kMonths[month] != name) continue;
    const std::string number = (month < 9 ? "0" : "") + std::to_string(month + 1);
    const auto time = parse_iso(std::string(year) + "-" + number + "-" + std::string(day) + "T" +
                                std::string(text.substr(17, 8)) + "Z");
    return time ? std::optional(*time) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace causeway::net
