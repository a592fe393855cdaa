// SPDX-License-Identifier: MIT
// OCSP as X-Road uses it (RFC 6960; trust.md 8.4, evidence.md 6): SHA-1 CertID with
// NULL parameters, no nonce, unsigned requests, only the first SingleResponse counts.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "pki/certificate.hpp"
#include "pki/trust.hpp"

namespace causeway::pki {

enum class CertificateStatus { good, revoked, unknown };
std::string_view to_string(CertificateStatus status);

// The facts of a response's first SingleResponse; nothing is verified yet.
struct OcspFacts {
  CertificateStatus status = CertificateStatus::unknown;
  TimePoint produced_at, this_update;
  std::optional<TimePoint> next_update;
};

Bytes make_ocsp_request(const Certificate& subject, const Certificate& issuer);

// Whether it has the form of an OCSPResponse (RFC 6960, 4.2.1), whatever it says.
bool is_ocsp_response(ByteView der);
// incorrect_validation_info when it cannot be read or is not "successful".
Result<OcspFacts> read_ocsp_response(ByteView der);
// Whether the first SingleResponse is about `subject`, by its SHA-1 CertID.
bool ocsp_response_is_for(ByteView der, const Certificate& subject, const Certificate& issuer);

// Every step of evidence.md 6.3. incorrect_validation_info, or cert_validation when
// the status is not good.
Result<OcspFacts> verify_ocsp_response(ByteView der, const Certificate& subject, const ApprovedCa& issuer,
                                       const Trust& trust, TimePoint at);

}  // namespace causeway::pki
