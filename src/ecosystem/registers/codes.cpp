// SPDX-License-Identifier: MIT
#include "ecosystem/registers/codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace causeway::ecosystem {
namespace {

constexpr std::string_view kHetuCheck = "0123456789ABCDEFHJKLMNPRSTUVWXY";
constexpr int kEstonianSerialsPerSex = 1000;
constexpr int kFinnishSerialsPerSex = 50;
constexpr int kFinnishFirstSerial = 900;

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int digit(std::string_view text, std::size_t at) { return text[at] - '0'; }

int number(std::string_view text) {
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

// Both Estonian codes: weights 1, 2, ..., 9, 1, ... modulo 11; when that gives 10, weights
// from 3 on; when that gives 10 too, 0.
int estonian_check(std::string_view digits) {
  for (const int first : {1, 3}) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      sum += digit(digits, i) * ((first - 1 + static_cast<int>(i)) % 9 + 1);
    }
    if (sum % 11 != 10) return sum % 11;
  }
  return 0;
}

// Finland's Y-tunnus: none for numbers whose remainder is 1.
std::optional<int> finnish_business_check(std::string_view seven) {
  constexpr std::array weights = {7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += digit(seven, i) * weights[i];
  const int rest = sum % 11;
  if (rest == 1) return std::nullopt;
  return rest == 0 ? 0 : 11 - rest;
}

bool is_date(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return date.ok();
}

bool is_isikukood(std::string_view code) {
  if (code.size() != 11 || !all_digits(code) || code[0] < '1' || code[0] > '8') return false;
  const int century = 1800 + (digit(code, 0) - 1) / 2 * 100;
  return is_date(century + number(code.substr(1, 2)), number(code.substr(3, 2)), number(code.substr(5, 2))) &&
         estonian_check(code.substr(0, 10)) == digit(code, 10);
}

bool is_hetu(std::string_view code) {
  if (code.size() != 11 || !all_digits(code.substr(0, 6)) || !all_digits(code.substr(7, 3))) return false;
  int century = 0;
  if (code[6] == '+') {
    century = 1800;
  } else if (std::string_view("-YXWVU").find(code[6]) != std::string_view::npos) {
    century = 1900;
  } else if (std::string_view("ABCDEF").find(code[6]) != std::string_view::npos) {
    century = 2000;
  } else {
    return false;
  }
  const int rest = number(std::string(code.substr(0, 6)) + std::string(code.substr(7, 3))) % 31;
  return is_date(century + number(code.substr(4, 2)), number(code.substr(2, 2)), number(code.substr(0, 2))) &&
         kHetuCheck[static_cast<std::size_t>(rest)] == code[10];
}

}  // namespace

std::string Date::iso() const { return fmt::format("{:04}-{:02}-{:02}", year, month, day); }

Date date_from_days(int days) {
  using namespace std::chrono;
  const year_month_day date{sys_days{year{1900} / January / 1} + std::chrono::days{days}};
  return {int(date.year()), static_cast<int>(unsigned(date.month())), static_cast<int>(unsigned(date.day()))};
}

int days_from_date(Date date) {
  using namespace std::chrono;
  const sys_days day{year{date.year} / month(static_cast<unsigned>(date.month)) /
                     std::chrono::day(static_cast<unsigned>(date.day))};
  return static_cast<int>((day - sys_days{year{1900} / January / 1}).count());
}

int personal_codes_per_day(Country country) {
  return country == Country::estonia ? kEstonianSerialsPerSex : kFinnishSerialsPerSex;
}

std::string personal_code(Country country, Date birth, Sex sex, int serial) {
  const bool female = sex == Sex::female;
  if (country == Country::estonia) {
    const int first = (birth.year / 100 - 18) * 2 + (female ? 2 : 1);
    std::string code = fmt::format("{}{:02}{:02}{:02}{:03}", first, birth.year % 100, birth.month, birth.day, serial);
    code += static_cast<char>('0' + estonian_check(code));
    return code;
  }
  // Men have odd numbers.
  const int individual = kFinnishFirstSerial + 2 * serial + (female ? 0 : 1);
  const std::string date = fmt::format("{:02}{:02}{:02}", birth.day, birth.month, birth.year % 100);
  const std::string serial_text = fmt::format("{:03}", individual);
  const int rest = number(date + serial_text) % 31;
  return date + (birth.year < 2000 ? "-" : "A") + serial_text + kHetuCheck[static_cast<std::size_t>(rest)];
}

bool is_personal_code(Country country, std::string_view code) {
  return country == Country::estonia ? is_isikukood(code) : is_hetu(code);
}

std::optional<std::string> registry_code(Country country, int number) {
  if (country == Country::estonia) {
    const std::string seven = fmt::format("{:07}", 1600000 + number);
    return seven + static_cast<char>('0' + estonian_check(seven));
  }
  const std::string seven = fmt::format("{:07}", 3200000 + number);
  const auto check = finnish_business_check(seven);
  if (!check) return std::nullopt;
  return fmt::format("{}-{}", seven, *check);
}

bool is_registry_code(Country country, std::string_view code) {
  if (country == Country::estonia) {
    return code.size() == 8 && all_digits(code) && estonian_check(code.substr(0, 7)) == digit(code, 7);
  }
  if (code.size() != 9 || code[7] != '-' || !all_digits(code.substr(0, 7)) || !all_digits(code.substr(8))) return false;
  const auto check = finnish_business_check(code.substr(0, 7));
  return check && *check == digit(code, 8);
}

}  // namespace causeway::ecosystem
