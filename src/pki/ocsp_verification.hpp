// SPDX-License-Identifier: MIT
// For the sources of this folder.
#pragma once

#include <optional>

#include "pki/ocsp.hpp"

namespace causeway::pki {

// As verify_ocsp_response; nullopt when the response cannot be read or is about
// another certificate. Reads the response once where two calls would read it twice.
std::optional<Result<OcspFacts>> verify_ocsp_response_if_about(ByteView der, const Certificate& subject,
                                                               const ApprovedCa& issuer, const Trust& trust,
                                                               TimePoint at);

}  // namespace causeway::pki
