// SPDX-License-Identifier: MIT
// Answers OCSP requests for the CAs of one operator.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "pki/ocsp.hpp"

namespace causeway::pki {

struct OcspAnswer {
  CertificateStatus status = CertificateStatus::unknown;
  TimePoint revoked_at = {};  // when it is revoked
};

// The status of the certificate that `issuer` gave the serial number (decimal) to.
// Called from any thread.
using OcspLookup = std::function<OcspAnswer(const Certificate& issuer, const std::string& serial)>;

// Whether the first question of a request is about a certificate of this CA. False for
// what cannot be read.
bool ocsp_request_is_about(ByteView request, const Certificate& issuer);

// Immutable; may be used by many threads.
class OcspResponder {
 public:
  struct Options {
    std::vector<Certificate> issuers;           // the CAs it knows; others' certificates are unknown
    std::optional<std::chrono::seconds> valid;  // nextUpdate = thisUpdate + valid; none: no nextUpdate
    bool identify_by_key = false;               // the responder id: its key's hash instead of its name
    bool include_certificate = true;
  };

  OcspResponder(Certificate certificate, PrivateKey key, OcspLookup lookup, Options options)
      : certificate_(std::move(certificate)),
        key_(std::move(key)),
        lookup_(std::move(lookup)),
        options_(std::move(options)) {}

  // The response to send, with thisUpdate `at`. One that says "malformed request" or
  // "internal error" where nothing better can be said. A nonce is repeated.
  Bytes respond(ByteView request, TimePoint at) const;

 private:
  Certificate certificate_;
  PrivateKey key_;
  OcspLookup lookup_;
  Options options_;
};

}  // namespace causeway::pki
