// SPDX-License-Identifier: MIT
// Timestamps of signatures (evidence.md 3): of one signature, standing in it, or of many
// at once through a hash chain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "evidence/hash_chain.hpp"
#include "pki/digest.hpp"
#include "pki/timestamp.hpp"

namespace causeway::evidence {

// One signature: the octets whose digest a timestamp is asked for, which are those of its
// signature value. Faults of reading a signature document.
Result<Bytes> stamped_octets(std::string_view signature);

// The signature document with the token as its timestamp; every octet of the document stays
// as it was. malformed_signature when it has no place for one, or has one already.
Result<std::string> with_signature_timestamp(std::string_view signature, ByteView token);

// A batch: the octets of its result are stamped, and for each signature there is the chain
// that leads to it. `signature_digests`: of the stored signature documents' octets, by
// `algorithm`; not empty. The documents must not change afterwards.
HashTree timestamp_tree(std::vector<Bytes> signature_digests, pki::DigestAlgorithm algorithm);

// That the chain leads from the signature document to what was stamped: malformed_signature.
Result<void> verify_timestamp_chain(std::string_view result, std::string_view chain, std::string_view signature);

// That the token's imprint is that of `octets`: malformed_signature.
Result<void> check_imprint(const pki::TimestampFacts& timestamp, ByteView octets);

}  // namespace causeway::evidence
