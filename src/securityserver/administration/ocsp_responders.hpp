// SPDX-License-Identifier: MIT
// Which OCSP responders to ask for a certificate, and in which order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "globalconf/view.hpp"
#include "pki/certificate.hpp"

namespace causeway::securityserver {

// signer.ocsp-prioritization-strategy (trust.md section 4.1).
enum class CostPreference { none, free_first, paid_first, only_free, only_paid };

// "NONE", "FREE_FIRST", ...; anything else is `none`, with a line in the log.
CostPreference cost_preference_from(std::string_view text);

// Those that the global configuration lists for the issuing CA, by preference where the
// configuration says what they cost (version 6 and later); then those that the
// certificate itself names. Each once.
std::vector<std::string> ocsp_responders_of(const globalconf::View& view, const pki::Certificate& certificate,
                                            const pki::ApprovedCa& issuer, CostPreference preference);

}  // namespace causeway::securityserver
