// SPDX-License-Identifier: MIT
// Signature documents of a known pattern: a signer writes thousands that differ in digests,
// signature value and time only. Once one of them was read by the general parser, the rest
// are compared with it instead, an order of magnitude faster. For the sources of this folder.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/bounded_cache.hpp"
#include "evidence/gapped_text.hpp"
#include "evidence/signature_reading.hpp"

namespace causeway::evidence {

// Whom the signatures of one signer rest on.
struct SignatureCredentials {
  pki::Certificate signer;
  std::vector<pki::Certificate> intermediates;
  std::vector<Bytes> ocsp_responses;
  std::string key;  // stands for all of these
};

// What a document says once its signature value and all references to itself are
// verified. Depends on its bytes alone.
struct SignatureFacts {
  std::shared_ptr<const SignatureCredentials> credentials;
  std::optional<TimePoint> signing_time;
  std::vector<SignedReference> outside;  // references to message, attachments, chain result
};

class SignaturePattern {
 public:
  // Of a document that was verified with these credentials, by what it was read as. nullopt
  // when its changing parts cannot be told apart from the rest beyond doubt, or it is longer
  // than 64 KiB: then nothing is to be concluded from it.
  static std::optional<SignaturePattern> of(std::string_view text, const SignatureReading& reading,
                                            std::shared_ptr<const SignatureCredentials> credentials);

  // nullopt when `text` is not of this pattern, or its signature value or the digest of its
  // properties is wrong: then the general reading says what to think of it. Otherwise it is
  // a document in which all steps that need nothing but the document find no fault, and
  // these are its facts.
  std::optional<SignatureFacts> recall(std::string_view text) const;

 private:
  SignaturePattern() = default;

  GappedText document_, signed_info_, signed_properties_;
  std::shared_ptr<const SignatureCredentials> credentials_;
  pki::SignatureAlgorithm algorithm_;
  std::vector<SignedReference> references_;  // their digests are another's
  std::size_t properties_reference_ = 0;
};

// The patterns of many signers. Safe to share between threads.
class SignaturePatterns {
 public:
  explicit SignaturePatterns(std::size_t signers) : rings_(signers) {}

  // nullopt when the document is of no known pattern.
  std::optional<SignatureFacts> recall(std::string_view text);
  // As SignaturePattern::of.
  void learn(std::string_view text, const SignatureReading& reading,
             std::shared_ptr<const SignatureCredentials> credentials);

 private:
  // With and without hash chain, before and after a new OCSP response: the latest first.
  using Ring = std::array<std::shared_ptr<const SignaturePattern>, 4>;
  BoundedCache<Ring> rings_;  // by the text of the certificate
};

}  // namespace causeway::evidence
