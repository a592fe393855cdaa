// SPDX-License-Identifier: MIT
// Message digests, by the names and URIs X-Road writes (trust.md section 0).
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace causeway::pki {

enum class DigestAlgorithm { sha1, sha224, sha256, sha384, sha512 };

inline constexpr std::size_t kMaxDigestSize = 64;

std::string_view digest_uri(DigestAlgorithm algorithm);                  // "http://www.w3.org/2001/04/xmlenc#sha512"
std::string_view digest_name(DigestAlgorithm algorithm);                 // "SHA-512"
std::size_t digest_size(DigestAlgorithm algorithm);                      // octets, at most kMaxDigestSize
std::optional<DigestAlgorithm> digest_from_uri(std::string_view uri);    // exact
std::optional<DigestAlgorithm> digest_from_name(std::string_view name);  // ignoring case

// Hashes what passes by.
class Hasher {
 public:
  explicit Hasher(DigestAlgorithm algorithm);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(ByteView bytes);
  // Once; the hasher is of no use afterwards.
  Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Bytes digest(DigestAlgorithm algorithm, ByteView bytes);
// Writes digest_size(algorithm) octets to `out`.
void digest_into(DigestAlgorithm algorithm, ByteView bytes, std::uint8_t* out);

}  // namespace causeway::pki
