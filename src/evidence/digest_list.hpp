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
Bytes encode_digest_list(std::span<const DigestValue> values);

// The digest of the list of `digests`, all of one algorithm.
Bytes step_digest(pki::DigestAlgorithm algorithm, std::span<const ByteView> digests);
Bytes step_digest(pki::DigestAlgorithm algorithm, std::initializer_list<ByteView> digests);

}  // namespace causeway::evidence
