// SPDX-License-Identifier: MIT
// The same made-up country every time: people, then companies led by some of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_set>
#include <vector>

#include "ecosystem/registers/records.hpp"

namespace causeway::ecosystem {

// The `index`th number of the splitmix64 sequence that starts at 0.
std::uint64_t splitmix64(std::uint64_t index);

// splitmix64 from a seed on: what the standard library's distributions give differs between platforms.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  // Below `bound`, which is not 0.
  std::size_t below(std::size_t bound);
  template <class Range>
  const auto& pick(const Range& range) {
    return range[below(range.size())];
  }

 private:
  std::uint64_t state_;
};

class Generator {
 public:
  explicit Generator(Country country);

  // Codes are unique within one generator.
  Person person();
  // Its code and name are unique. Board members are people that person() gave before;
  // there are none when it never gave an adult.
  Company company(std::vector<BoardMember>& board);

 private:
  Address address();
  std::string company_name(const std::string& form, const std::string& town);

  Country country_;
  Random random_;
  std::vector<std::uint16_t> codes_used_;  // by day and sex
  std::vector<BoardMember> adults_;        // some of them
  std::unordered_set<std::string> company_names_;
  int next_company_ = 0;
};

}  // namespace causeway::ecosystem
