// SPDX-License-Identifier: MIT
// Verifies containers (evidence.md 1.4, 5.2): whether a message was signed by whom it says,
// with a certificate that was good at the time that an approved authority attests.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evidence/asic_container.hpp"
#include "evidence/message_identity.hpp"
#include "evidence/verification_report.hpp"
#include "pki/ocsp.hpp"
#include "pki/timestamp.hpp"
#include "pki/trust.hpp"

namespace causeway::evidence {

// Whom a verifier trusts. Both outlive the verification.
struct AsicTrust {
  const pki::Trust& authorities;
  std::span<const pki::Certificate> timestamp_authorities;  // approvedTSA of every instance
};

struct AttachmentVerdict {
  std::string name;  // "attachment1"
  CheckState state = CheckState::skipped;
  bool present = false;  // in the container
  std::uint64_t size = 0;
  Bytes signed_digest;  // as the signature has it
};

// Facts are there as far as they could be read, whether or not the checks passed.
struct ContainerReport {
  Checks checks;
  std::optional<MessageIdentity> message;
  std::optional<pki::Certificate> signer;
  std::optional<TimePoint> signing_time;  // as the signer claims
  std::optional<pki::TimestampFacts> timestamp;
  std::optional<pki::Certificate> timestamp_authority;
  std::optional<pki::OcspFacts> ocsp;  // of the signer's certificate
  std::vector<AttachmentVerdict> attachments;

  bool good() const { return checks.good(); }
};

// The checks, in X-Road's order: container, signature, timestamp_chain (of a batch),
// timestamp, timestamp_authority, message, hash_chain (when there is one), certificate, signer,
// signature_value, references, certificate_path, ocsp; then what X-Road leaves out:
// attachments one by one, coverage, manifest, timestamp_manifest.
//
// An attachment that is not in the container is unverified when a hash chain covers it
// (X-Road does not log those); one that is there must be what was signed.
ContainerReport verify_container(const AsicContainer& container, const AsicTrust& trust);
// Reads it first; a fault of reading is that of the check "container".
ContainerReport verify_container(ByteView file, const AsicTrust& trust);

}  // namespace causeway::evidence
