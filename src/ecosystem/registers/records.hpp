// SPDX-License-Identifier: MIT
// What the sample registers hold, as plain values.
#pragma once

#include <string>
#include <vector>

#include "ecosystem/registers/codes.hpp"

namespace causeway::ecosystem {

struct Address {
  std::string street;  // with house number
  std::string postal_code, town, region;
  bool operator==(const Address&) const = default;
};

struct Person {
  std::string code;
  std::string given_name, surname;
  Sex sex = Sex::male;
  std::string birth_date;  // ISO
  std::string citizenship;
  Address address;
  std::string address_since;  // ISO
};

struct BoardMember {
  std::string person_code;
  std::string given_name, surname;
  std::string role;   // "chair", "member"
  std::string since;  // ISO
};

struct Company {
  std::string code;
  std::string name;
  std::string legal_form;
  std::string status;           // "registered", "in_liquidation", "deleted"
  std::string registered_date;  // ISO
  long long share_capital_cents = 0;
  std::string activity_code, activity;  // NACE
  Address address;
};

// A part of a longer list.
template <class T>
struct Page {
  std::vector<T> items;
  std::size_t offset = 0;
  std::size_t total = 0;
};

}  // namespace causeway::ecosystem
