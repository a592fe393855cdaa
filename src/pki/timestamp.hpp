// SPDX-License-Identifier: MIT
// Timestamps, RFC 3161, as X-Road uses them (evidence.md section 3): requests without
// nonce, policy and certReq; trust by the exact certificate of the authority.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "pki/certificate.hpp"

namespace causeway::pki {

struct TimestampFacts {
  TimePoint time;             // genTime
  DigestAlgorithm algorithm;  // of the imprint
  Bytes digest;
  std::string serial;  // decimal
  std::string policy;  // dotted OID
};

Bytes make_timestamp_request(DigestAlgorithm algorithm, ByteView digest);

// The token of a response that grants what was asked for: status, imprint and the
// signing-certificate attribute are checked, the signature is not yet.
// mlog.reading_timestamp_response_failed, mlog.timestamp_non_granted_response with the
// authority's reason, mlog.timestamp_response_object_creation_failed when what it granted is
// no token, mlog.timestamp_response_validation_failed when it is not what was asked for.
Result<Bytes> token_of_response(ByteView response, DigestAlgorithm algorithm, ByteView digest);

// What a token says; nothing is verified. malformed_signature.
Result<TimestampFacts> read_timestamp(ByteView token);

// The approved authority that signed the token, by issuer and serial number or key
// identifier. tsp_certificate_not_found.
Result<Certificate> timestamp_signer(ByteView token, std::span<const Certificate> approved);

// The token's signature with the key of an approved authority; the imprint is the
// caller's to compare. No path, validity or revocation check, but a signingTime must lie
// within the certificate's validity. Faults as above, or timestamp_signer_verification_failed.
Result<TimestampFacts> verify_timestamp(ByteView token, std::span<const Certificate> approved);

// The token with the authority's certificate in it, in DER: the form to store.
Result<Bytes> with_certificate(ByteView token, const Certificate& authority);

// Answers requests. Immutable; may be used by many threads.
class TimestampAuthority {
 public:
  // `serial` gives each timestamp its number; unique, called from any thread.
  TimestampAuthority(Certificate certificate, PrivateKey key, std::string policy, std::function<std::uint64_t()> serial)
      : certificate_(std::move(certificate)),
        key_(std::move(key)),
        policy_(std::move(policy)),
        serial_(std::move(serial)) {}

  // The response to send; a rejection where no timestamp can be given.
  Bytes respond(ByteView request, TimePoint at) const;

 private:
  Certificate certificate_;
  PrivateKey key_;
  std::string policy_;
  std::function<std::uint64_t()> serial_;
};

}  // namespace causeway::pki
