// SPDX-License-Identifier: MIT
// Little-endian integers and short texts in octets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/bytes.hpp"

namespace causeway::securityserver {

template <class Integer>
void store_integer(std::uint8_t* at, Integer value) {
  auto rest = static_cast<std::make_unsigned_t<Integer>>(value);
  for (std::size_t i = 0; i < sizeof(Integer); ++i) at[i] = static_cast<std::uint8_t>(rest >> (8 * i));
}

template <class Integer>
Integer load_integer(const std::uint8_t* at) {
  std::make_unsigned_t<Integer> value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    value = static_cast<std::make_unsigned_t<Integer>>(value | std::make_unsigned_t<Integer>{at[i]} << (8 * i));
  return static_cast<Integer>(value);
}

class OctetWriter {
 public:
  void reserve(std::size_t octets) { octets_.reserve(octets); }
  template <class Integer>
  void integer(Integer value) {
    octets_.resize(octets_.size() + sizeof(Integer));
    store_integer(octets_.data() + octets_.size() - sizeof(Integer), value);
  }
  // Length in two octets first; the caller has checked that it fits.
  void text(std::string_view text) {
    integer(static_cast<std::uint16_t>(text.size()));
    const ByteView octets = as_bytes(text);
    octets_.insert(octets_.end(), octets.begin(), octets.end());
  }
  Bytes take() { return std::move(octets_); }

 private:
  Bytes octets_;
};

// Reading beyond the end gives zeros and empties, and complete() false.
class OctetReader {
 public:
  explicit OctetReader(ByteView octets) : rest_(octets) {}

  template <class Integer>
  Integer integer() {
    if (!take(sizeof(Integer))) return 0;
    return load_integer<Integer>(taken_.data());
  }
  std::string text() { return take(integer<std::uint16_t>()) ? to_text(taken_) : std::string(); }
  // Everything was there, and nothing is left.
  bool complete() const { return !short_ && rest_.empty(); }

 private:
  bool take(std::size_t count) {
    short_ = short_ || count > rest_.size();
    if (short_) return false;
    taken_ = rest_.first(count);
    rest_ = rest_.subspan(count);
    return true;
  }

  ByteView rest_, taken_;
  bool short_ = false;
};

}  // namespace causeway::securityserver
