// SPDX-License-Identifier: MIT
// A hash table of numbers that stand for things kept elsewhere: four octets and some air
// an entry, where a map of identifiers would cost some hundreds.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace causeway::globalconf {

class IndexTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // Room for `count` entries; none is added beyond it.
  explicit IndexTable(std::size_t count) : slots_(std::bit_ceil(count + count / 2 + 1), kNone) {}

  // `same(number)` tells whether an entry is the one looked for. The entry that was
  // there before wins.
  template <class Same>
  void add(std::size_t hash, std::uint32_t number, Same same) {
    std::uint32_t& slot = slots_[place(hash, same)];
    if (slot == kNone) slot = number;
  }
  template <class Same>
  std::uint32_t find(std::size_t hash, Same same) const {
    return slots_[place(hash, same)];
  }

 private:
  template <class Same>
  std::size_t place(std::size_t hash, Same same) const {
    const std::size_t mask = slots_.size() - 1;
    // The multiplication spreads hashes whose low bits are alike.
    std::size_t at = ((hash * 0x9E3779B97F4A7C15ULL) >> 16) & mask;
    while (slots_[at] != kNone && !same(slots_[at])) at = (at + 1) & mask;
    return at;
  }

  std::vector<std::uint32_t> slots_;
};

}  // namespace causeway::globalconf
