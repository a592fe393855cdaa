// SPDX-License-Identifier: MIT
#include "ecosystem/registers/generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "ecosystem/registers/names.hpp"

namespace causeway::ecosystem {
namespace {

// Nobody is born after this day, so that the data does not depend on when it is made.
constexpr Date kToday{2025, 12, 31};
constexpr int kOldest = 96 * 365;
constexpr int kAdult = 18 * 366;
constexpr std::size_t kAdultsKept = 30000;

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;

std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

std::uint64_t splitmix64(std::uint64_t index) { return mixed((index + 1) * kGolden); }

std::uint64_t Random::next() { return mixed(state_ += kGolden); }

std::size_t Random::below(std::size_t bound) { return next() % bound; }

Generator::Generator(Country country)
    : country_(country),
      random_(country == Country::estonia ? 372 : 358),
      codes_used_(2 * (static_cast<std::size_t>(days_from_date(kToday)) + 1)) {}

Address Generator::address() {
  const Words& w = words(country_);
  const Town& town = random_.pick(w.towns);
  Address address;
  address.street = fmt::format("{} {}", random_.pick(w.streets), 1 + random_.below(120));
  if (random_.below(3) != 0)
    address.street += fmt::format("{}{}", country_ == Country::estonia ? "-" : " A ", 1 + random_.below(60));
  const std::size_t bound = w.postal_digits == 1 ? 10 : 100;
  // Finnish codes of streets end in 0.
  address.postal_code = country_ == Country::finland ? fmt::format("{}{}0", town.postal_prefix, random_.below(bound))
                                                     : fmt::format("{}{:02}", town.postal_prefix, random_.below(bound));
  address.town = town.name;
  address.region = town.region;
  return address;
}

Person Generator::person() {
  const Words& w = words(country_);
  const int last = days_from_date(kToday);
  // The mean of two evens out the very young and the very old.
  const auto span = static_cast<std::size_t>(kOldest);
  int day = last - static_cast<int>((random_.below(span) + random_.below(span / 2)) * 2 / 3);
  const Sex sex = random_.below(2) == 0 ? Sex::male : Sex::female;
  const auto slot = [&] { return static_cast<std::size_t>(day) * 2 + (sex == Sex::female ? 1U : 0U); };
  while (codes_used_[slot()] >= personal_codes_per_day(country_)) day = day == 0 ? last : day - 1;

  Person person;
  const Date birth = date_from_days(day);
  person.code = personal_code(country_, birth, sex, codes_used_[slot()]++);
  person.given_name = random_.pick(sex == Sex::male ? w.men : w.women);
  // Second names: one in five has one.
  if (random_.below(5) == 0) {
    const std::string_view second = random_.pick(sex == Sex::male ? w.men : w.women);
    if (second != person.given_name) person.given_name += "-" + std::string(second);
  }
  person.surname = random_.pick(w.surnames);
  person.sex = sex;
  person.birth_date = birth.iso();
  person.citizenship = country_ == Country::estonia ? "EST" : "FIN";
  person.address = address();
  const int since = day + static_cast<int>(random_.below(static_cast<std::size_t>(last - day + 1)));
  person.address_since = date_from_days(since).iso();
  if (last - day > kAdult && adults_.size() < kAdultsKept && random_.below(3) == 0) {
    adults_.push_back({person.code, person.given_name, person.surname, "member", {}});
  }
  return person;
}

std::string Generator::company_name(const std::string& form, const std::string& town) {
  const Words& w = words(country_);
  std::string name;
  do {
    const std::string_view first = random_.pick(w.company_words);
    const Activity& activity = random_.pick(w.activities);
    name = fmt::format("{} {}", first, activity.name_part);
    if (random_.below(2) == 0) name = fmt::format("{} ja {}", random_.pick(w.surnames), activity.name_part);
    if (random_.below(2) == 0) name = fmt::format("{} {}", town, name);
    name += " " + form;
  } while (!company_names_.insert(name).second);
  return name;
}

Company Generator::company(std::vector<BoardMember>& board) {
  const Words& w = words(country_);
  Company company;
  std::optional<std::string> code;
  while (!code) code = registry_code(country_, next_company_++);
  company.code = *code;
  company.legal_form = random_.pick(w.legal_forms);
  company.address = address();
  company.name = company_name(company.legal_form, company.address.town);
  const std::size_t fate = random_.below(100);
  company.status = fate < 94 ? "registered" : fate < 97 ? "in_liquidation" : "deleted";
  const int last = days_from_date(kToday);
  const int founded = last - static_cast<int>(random_.below(33 * 365));
  company.registered_date = date_from_days(founded).iso();
  company.share_capital_cents = 100LL * static_cast<long long>(2500 * (1 + random_.below(100)));
  const Activity& activity = random_.pick(w.activities);
  company.activity_code = activity.code;
  company.activity = activity.text;

  board.clear();
  if (adults_.empty()) return company;
  const std::size_t members = 1 + random_.below(3);
  for (std::size_t i = 0; i < members; ++i) {
    BoardMember member = random_.pick(adults_);
    const bool already = std::any_of(board.begin(), board.end(),
                                     [&](const BoardMember& other) { return other.person_code == member.person_code; });
    if (already) continue;
    member.role = board.empty() ? "chair" : "member";
    member.since =
        date_from_days(founded + static_cast<int>(random_.below(static_cast<std::size_t>(last - founded + 1)))).iso();
    board.push_back(std::move(member));
  }
  return company;
}

}  // namespace causeway::ecosystem
