// SPDX-License-Identifier: MIT
// A hash table of numbers that stand for things kept elsewhere: four octets and some air
// an entry, where a map of identifiers would cost some hundreds. It is a plain array, so that
// it can lie in a file.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/page_vector.hpp"

namespace causeway::globalconf {

using IndexSlots = PageVector<std::uint32_t>;

inline constexpr std::uint32_t kNoIndex = 0xffffffff;

// The multiplication spreads hashes whose low bits are alike.
inline std::size_t first_slot(std::size_t hash, std::size_t slots) {
  return ((hash * 0x9E3779B97F4A7C15ULL) >> 16) & (slots - 1);
}

// Room for `count` entries; none is added beyond it.
inline IndexSlots make_index(std::size_t count) { return IndexSlots(std::bit_ceil(count + count / 2 + 1), kNoIndex); }

// Of entries that are the same, the one that was there before is found.
inline void add_to_index(std::span<std::uint32_t> slots, std::size_t hash, std::uint32_t number) {
  std::size_t at = first_slot(hash, slots.size());
  while (slots[at] != kNoIndex) at = (at + 1) & (slots.size() - 1);
  slots[at] = number;
}

// The entry of this hash for which `same(number)` holds; kNoIndex when there is none. The
// number of slots is a power of two.
template <class Same>
std::uint32_t find_in_index(std::span<const std::uint32_t> slots, std::size_t hash, Same same) {
  std::size_t at = slots.empty() ? 0 : first_slot(hash, slots.size());
  for (std::size_t tried = 0; tried < slots.size() && slots[at] != kNoIndex; ++tried) {
    if (same(slots[at])) return slots[at];
    at = (at + 1) & (slots.size() - 1);
  }
  return kNoIndex;
}

}  // namespace causeway::globalconf
