// SPDX-License-Identifier: MIT
// AES-128 in counter mode (NIST SP 800-38A 6.5), and keys derived by HKDF (RFC 5869).
#pragma once

#include <array>
#include <memory>
#include <span>

#include "base/bytes.hpp"
#include "pki/digest.hpp"

namespace causeway::pki {

// Encrypts or decrypts, which is the same here, what passes by.
class AesCtr {
 public:
  static constexpr std::size_t kBlock = 16;

  // `key`: 16 octets; `counter`: the first counter block.
  AesCtr(ByteView key, const std::array<std::uint8_t, kBlock>& counter);
  ~AesCtr();
  AesCtr(AesCtr&&) noexcept;
  AesCtr& operator=(AesCtr&&) noexcept;

  // In place, going on where the call before ended.
  void apply(std::span<std::uint8_t> octets);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// `length` octets, at most 255 digests.
Bytes hkdf(DigestAlgorithm algorithm, ByteView secret, ByteView salt, ByteView info, std::size_t length);

}  // namespace causeway::pki
