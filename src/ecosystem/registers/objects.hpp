// SPDX-License-Identifier: MIT
// Large objects (documents/objects.yaml): octets that need no storage, because anyone
// can compute them again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::ecosystem {

// Gives the octets of an object piece by piece.
class ObjectSource {
 public:
  explicit ObjectSource(std::uint64_t size) : left_(size) {}
  // The next octets, as many as fit; 0 at the end. Only the last piece may have a
  // length that is not a multiple of 8, so `into` holds a multiple of 8.
  std::size_t fill(std::span<std::uint8_t> into);

 private:
  std::uint64_t left_;
  std::uint64_t word_ = 0;
};

// SHA-256 of the object of this size, in lower-case hexadecimal.
std::string object_sha256(std::uint64_t size);

// "1000", "200M", "10Gi"; at most 1 TB. bad_request otherwise.
Result<std::uint64_t> parse_object_size(std::string_view text);

}  // namespace causeway::ecosystem
