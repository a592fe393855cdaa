// SPDX-License-Identifier: MIT
// Signature documents of messages (messages.md 4.7, evidence.md 1): made for one message
// or for a batch through a hash chain, and verified.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "pki/certificate.hpp"
#include "pki/trust.hpp"

namespace causeway::evidence {

// One signed part: "/message.xml" first, then "/attachment1", ... Digests are SHA-512.
struct PartDigest {
  std::string name;
  Bytes digest;
};
using MessageParts = std::vector<PartDigest>;

// What travels and is logged. The last two are empty for a plain signature.
struct SignatureDocument {
  std::string signature;  // XAdES XML
  std::string hash_chain_result;
  std::string hash_chain;
};

struct SigningIdentity {
  pki::Certificate certificate;
  std::vector<pki::Certificate> intermediates;  // up to the top CA, exclusive
  std::vector<Bytes> ocsp_responses;            // certificate's first, then intermediates'
  pki::SignatureAlgorithm algorithm;
};

// A batch waiting for its one signature.
class SignatureBatch {
 public:
  // `messages` must not be empty. Plain when it is one message of one part.
  static Result<SignatureBatch> prepare(std::vector<MessageParts> messages, const SigningIdentity& identity,
                                        TimePoint signing_time);

  const Bytes& digest_to_sign() const { return digest_; }
  // One document per message, in order. `signature` as the signer gave it (ECDSA: DER).
  Result<std::vector<SignatureDocument>> complete(ByteView signature) const;

 private:
  SignatureBatch() = default;
  Bytes digest_;
  std::size_t ec_field_size_ = 0;
  std::string xml_before_, xml_after_;  // around the signature value
  std::string hash_chain_result_;
  std::vector<std::string> hash_chains_;
};

struct VerifiedSignature {
  pki::Certificate signer;
  TimePoint signing_time;
};

// Every check of evidence.md 1.4 and that every part is covered; `message` are the bytes
// of "/message.xml". `sender` must be the signer's member. Codes as Java reports them,
// under signature_verification.
Result<VerifiedSignature> verify_signature(const SignatureDocument& document, const MessageParts& parts,
                                           const ClientId& sender, const pki::Trust& trust, TimePoint at);

}  // namespace causeway::evidence
