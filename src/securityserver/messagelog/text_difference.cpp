// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/text_difference.hpp"

#include <algorithm>
#include <cstring>

#include "securityserver/messagelog/little_endian.hpp"

namespace causeway::securityserver {
namespace {

// Each run: how many octets are the same, how many follow that are not, and these.
constexpr std::size_t kRunHeader = 2 * sizeof(std::uint32_t);
constexpr std::size_t kStride = 64;
// Of another signer's signature half the octets may happen to be the same.
constexpr std::size_t kWorthwhile = 4;
constexpr std::size_t kLongest = 1UL << 30;

// From `at` on.
std::size_t same_octets(std::string_view base, std::string_view text, std::size_t at) {
  const std::size_t from = at;
  while (at + kStride <= text.size() && std::memcmp(base.data() + at, text.data() + at, kStride) == 0) at += kStride;
  while (at < text.size() && base[at] == text[at]) ++at;
  return at - from;
}

// Up to where at least as many are the same as a new run costs, or the end.
std::size_t other_octets(std::string_view base, std::string_view text, std::size_t at) {
  std::size_t end = at, same = 0;
  for (; at < text.size() && same <= kRunHeader; ++at) {
    if (base[at] == text[at]) {
      ++same;
    } else {
      same = 0;
      end = at + 1;
    }
  }
  return end;
}

}  // namespace

std::optional<Bytes> encode_difference(std::string_view base, std::string_view text) {
  if (base.size() != text.size() || text.size() > kLongest) return std::nullopt;
  Bytes out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t same = same_octets(base, text, at);
    at += same;
    if (at == text.size()) break;
    const std::size_t end = other_octets(base, text, at);
    std::uint8_t header[kRunHeader];
    store_integer(header, static_cast<std::uint32_t>(same));
    store_integer(header + sizeof(std::uint32_t), static_cast<std::uint32_t>(end - at));
    out.insert(out.end(), std::begin(header), std::end(header));
    const ByteView octets = as_bytes(text.substr(at, end - at));
    out.insert(out.end(), octets.begin(), octets.end());
    if (out.size() >= text.size() / kWorthwhile) return std::nullopt;
    at = end;
  }
  return out;
}

std::optional<std::string> apply_difference(std::string base, ByteView difference) {
  std::size_t at = 0;
  while (!difference.empty()) {
    if (difference.size() < kRunHeader) return std::nullopt;
    const auto same = load_integer<std::uint32_t>(difference.data());
    const auto count = load_integer<std::uint32_t>(difference.data() + sizeof(std::uint32_t));
    difference = difference.subspan(kRunHeader);
    if (same > base.size() - at || count > base.size() - at - same || count > difference.size()) return std::nullopt;
    at += same;
    std::copy_n(difference.begin(), count, base.begin() + static_cast<std::ptrdiff_t>(at));
    at += count;
    difference = difference.subspan(count);
  }
  return base;
}

}  // namespace causeway::securityserver
