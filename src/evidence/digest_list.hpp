// SPDX-License-Identifier: MIT
// The DER list of digests that a step of a hash chain hashes (evidence.md 2.1).
#pragma once

#include <initializer_list>
#include <span>

#include "base/bytes.hpp"
#include "pki/digest.hpp"

namespace causeway::evidence {

struct DigestValue {
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
  Bytes digest;
};

// SEQUENCE OF SEQUENCE { OCTET STRING, UTF8String algorithm URI, SEQUENCE {} }
// One list after the other can be written into the same memory.
class DigestList {
 public:
  DigestList() {
    octets_.reserve(kUsual);
    clear();
  }

  void clear() { octets_.resize(kMaxHead); }
  void add(pki::DigestAlgorithm algorithm, ByteView digest);
  // Valid until the list changes.
  ByteView octets();

 private:
  static constexpr std::size_t kMaxHead = 2 + sizeof(std::size_t);
  static constexpr std::size_t kUsual = 256;  // two digests
  Bytes octets_;                              // room for the head, whose length depends on what follows, and the values
};

// The digest of the list of `digests`, all of one algorithm.
Bytes step_digest(pki::DigestAlgorithm algorithm, std::span<const ByteView> digests);
Bytes step_digest(pki::DigestAlgorithm algorithm, std::initializer_list<ByteView> digests);

}  // namespace causeway::evidence
