// SPDX-License-Identifier: MIT
#include "ecosystem/registers/objects.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "domain/fault_code.hpp"
#include "ecosystem/registers/generator.hpp"
#include "pki/digest.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::uint64_t kLargest = 1'000'000'000'000;

struct Unit {
  std::string_view name;
  std::uint64_t octets;
};
constexpr std::array kUnits = {Unit{"", 1},          Unit{"k", 1000},      Unit{"M", 1000'000}, Unit{"G", 1000'000'000},
                               Unit{"Ki", 1U << 10}, Unit{"Mi", 1U << 20}, Unit{"Gi", 1U << 30}};

// Octet 0 of a word is its lowest on every machine.
std::uint64_t little_endian(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::little) return word;
  return __builtin_bswap64(word);
}

}  // namespace

std::size_t ObjectSource::fill(std::span<std::uint8_t> into) {
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
  for (std::size_t at = 0; at < count; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = little_endian(splitmix64(word_++));
    std::memcpy(into.data() + at, &word, std::min(sizeof word, count - at));
  }
  left_ -= count;
  return count;
}

std::string object_sha256(std::uint64_t size) {
  ObjectSource source(size);
  pki::Hasher hasher(pki::DigestAlgorithm::sha256);
  Bytes buffer(64 * 1024);
  while (const std::size_t count = source.fill(buffer)) hasher.update(ByteView(buffer).first(count));
  return to_hex(hasher.finish());
}

Result<std::uint64_t> parse_object_size(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc()) {
    const std::string_view unit_name(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const Unit& unit : kUnits) {
      if (unit.name == unit_name && number <= kLargest / unit.octets) return number * unit.octets;
    }
  }
  return fault(FaultCode::bad_request, "not a size up to 1 TB: \"" + std::string(text.substr(0, 40)) + "\"");
}

}  // namespace causeway::ecosystem
