// SPDX-License-Identifier: MIT
// Certificate paths from an end certificate to an approved CA (trust.md 8.3).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "pki/certificate.hpp"
#include "pki/trust.hpp"

namespace causeway::pki {

struct CertificatePath {
  std::vector<Certificate> certificates;  // end certificate first, anchor excluded
  const ApprovedCa* anchor = nullptr;     // lives as long as the Trust it came from
};

// PKIX path at `at`, revocation off. cannot_create_cert_path.internal_error when there
// is no anchor or no path, invalid_cert_path.cert_validation when a certificate of it is
// not valid.
Result<CertificatePath> build_path(const Certificate& end, std::span<const Certificate> intermediates,
                                   const ApprovedCa* anchor, TimePoint at);

// One valid, good OCSP response among `responses` for each certificate of the path. Issuers are
// those that `instance` approves: authorities of two countries may have the same name.
// The first response that is about a certificate is the one that counts. Faults as in
// verify_ocsp_response, cert_validation when one is missing, all under invalid_cert_path.
Result<void> verify_path_ocsp(const CertificatePath& path, std::string_view instance, std::span<const Bytes> responses,
                              const Trust& trust, TimePoint at);

// Until when a path that is good with these responses stays so: the first end of a
// certificate, of a response's freshness or of its nextUpdate. TimePoint::min() when a
// response cannot be read.
TimePoint path_good_until(const CertificatePath& path, std::span<const Bytes> responses, const OcspPolicy& policy);

}  // namespace causeway::pki
