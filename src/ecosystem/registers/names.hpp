// SPDX-License-Identifier: MIT
// The words that generated people, companies and addresses are made of.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ecosystem/registers/country.hpp"

namespace causeway::ecosystem {

struct Town {
  std::string_view name, region, postal_prefix;  // the last digits of a postal code are made up
};

struct Activity {
  std::string_view code, text, name_part;  // NACE code; what a company's name says of it
};

struct Words {
  std::span<const std::string_view> men, women, surnames, streets, company_words, legal_forms;
  std::span<const Town> towns;
  std::span<const Activity> activities;
  std::size_t postal_digits;  // after the prefix
};

const Words& words(Country country);

// Lower case, without accents and without anything but letters and digits: what a search
// compares, so that "poldma" finds "Põldmäe".
std::string search_key(std::string_view text);

}  // namespace causeway::ecosystem
