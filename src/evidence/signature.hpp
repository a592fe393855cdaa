// SPDX-License-Identifier: MIT
// Signature documents of messages (messages.md 4.7, evidence.md 1): made for one message
// or for a batch through a hash chain, and verified.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/shared_text.hpp"
#include "domain/identifiers.hpp"
#include "evidence/message_parts.hpp"
#include "pki/certificate.hpp"
#include "pki/trust.hpp"

namespace causeway::evidence {

// What travels and is logged. The last two are empty for a plain signature; the documents of
// a batch share the first two.
struct SignatureDocument {
  SharedText signature;  // XAdES XML
  SharedText hash_chain_result;
  SharedText hash_chain;
};

struct SigningIdentity {
  pki::Certificate certificate;
  std::vector<pki::Certificate> intermediates;  // up to the top CA, exclusive
  std::vector<Bytes> ocsp_responses;            // certificate's first, then intermediates'
  pki::SignatureAlgorithm algorithm;
};

// The parts of a signature document that stay the same as long as a certificate and its
// OCSP responses do. Made once and kept, it makes preparing a batch much cheaper.
class SignatureTemplate {
 public:
  // cannot_create_signature when an OCSP response is missing, or when the algorithm is
  // not one for the certificate's key.
  static Result<SignatureTemplate> make(const SigningIdentity& identity);

 private:
  friend class SignatureBatch;
  SignatureTemplate() = default;
  pki::DigestAlgorithm digest_ = pki::DigestAlgorithm::sha512;  // of the signature itself
  std::size_t ec_field_size_ = 0;
  std::string signed_info_start_;    // up to the first reference
  std::string after_signing_time_;   // inside SignedSignatureProperties
  std::string key_info_;             // from the end of SignatureValue to SignedProperties
  std::string unsigned_properties_;  // to the end of the document
};

// A batch waiting for its one signature.
class SignatureBatch {
 public:
  // `messages` must not be empty. Plain when it is one message of one part.
  static Result<SignatureBatch> prepare(std::vector<MessageParts> messages, const SigningIdentity& identity,
                                        TimePoint signing_time);
  static Result<SignatureBatch> prepare(std::span<const MessageParts> messages, const SignatureTemplate& parts,
                                        TimePoint signing_time);

  const Bytes& digest_to_sign() const { return digest_; }
  // One document per message, in order. `signature` as the signer gave it (ECDSA: DER). Once.
  Result<std::vector<SignatureDocument>> complete(ByteView signature);

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
  // The octets of the document, shared with others of its batch that were verified before.
  SharedText document;
  // What the signer claims, where it is among what was signed; nobody attests it.
  std::optional<TimePoint> signing_time;
};

// Every check of evidence.md 1.4 and that every part is covered. `sender` must be the
// signer's member, `at` the time of receipt. Codes as Java reports them, under
// signature_verification. For many messages, and for containers: SignatureVerifier.
Result<VerifiedSignature> verify_signature(const SignatureDocument& document, const MessageParts& parts,
                                           const ClientId& sender, const pki::Trust& trust, TimePoint at);

}  // namespace causeway::evidence
