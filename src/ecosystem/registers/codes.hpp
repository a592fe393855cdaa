// SPDX-License-Identifier: MIT
// Personal codes and registry codes of both countries, with their check characters:
// Estonia's isikukood and registrikood, Finland's henkilötunnus and Y-tunnus.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ecosystem/registers/country.hpp"

namespace causeway::ecosystem {

enum class Sex { male, female };

struct Date {
  int year = 0, month = 0, day = 0;
  std::string iso() const;  // "1987-03-01"
  auto operator<=>(const Date&) const = default;
};

// The day `days` after 1900-01-01, and back.
Date date_from_days(int days);
int days_from_date(Date date);

// How many different codes one day and sex can have here.
int personal_codes_per_day(Country country);
// `serial` counts from 0. Finnish ones are in the range 900-999 that is never given
// to a real person.
std::string personal_code(Country country, Date birth, Sex sex, int serial);
bool is_personal_code(Country country, std::string_view code);

// The `number`th registry code, counting from 0; numbers without a valid code are passed over.
std::optional<std::string> registry_code(Country country, int number);
bool is_registry_code(Country country, std::string_view code);

}  // namespace causeway::ecosystem
