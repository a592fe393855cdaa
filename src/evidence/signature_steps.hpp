// SPDX-License-Identifier: MIT
// The steps of verifying a signature that depend on the message, its sender and whom one
// trusts (evidence.md 1.4). For the sources of this folder.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "evidence/signature_reading.hpp"
#include "evidence/signature_verifier.hpp"

namespace causeway::evidence {

// References to message, attachments and hash chain result.
std::vector<SignedReference> outside_of(const std::vector<SignedReference>& references);

// malformed_signature unless they lead to a message.
Result<void> check_refers_to_message(const std::vector<SignedReference>& outside);

// The signer's member is that of `sender`: incorrect_certificate.
Result<void> check_signer(const pki::Certificate& signer, const ClientId& sender, const pki::Trust& trust);

// The parts of a message against what a signature says of them. What it is made of outlives it.
class PartsCheck {
 public:
  PartsCheck(const SignatureDocument& document, const MessageParts& parts, const VerifyOptions& options)
      : document_(document), parts_(parts), options_(options) {}

  // The hash chain, when there is one and `outside` refers to its result. Faults of
  // verify_hash_chain under malformed_signature.
  Result<void> check_chain(const std::vector<SignedReference>& outside);
  // Every reference: invalid_signature_value.
  Result<void> check_outside(const std::vector<SignedReference>& outside) const;
  bool holds(const SignedReference& reference) const;
  // Every required part is covered, directly if not by the hash chain that was checked:
  // malformed_signature.
  Result<void> check_coverage(const std::vector<SignedReference>& outside) const;

 private:
  std::span<const PartDigest> required_parts() const;
  std::optional<std::string_view> find(std::string_view uri) const;

  const SignatureDocument& document_;
  const MessageParts& parts_;
  const VerifyOptions& options_;
  bool chain_covers_ = false;
};

}  // namespace causeway::evidence
