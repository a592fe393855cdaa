// SPDX-License-Identifier: MIT
// Which OCSP responders to ask for a certificate, and in which order.
#pragma once

#include <string>
#include <vector>

#include "globalconf/cost_preference.hpp"
#include "globalconf/view.hpp"
#include "pki/certificate.hpp"

namespace causeway::securityserver {

// Those that the global configuration lists for the issuing CA, by preference where the
// configuration says what they cost (version 6 and later); then those that the
// certificate itself names. Each once.
std::vector<std::string> ocsp_responders_of(const globalconf::View& view, const pki::Certificate& certificate,
                                            const pki::ApprovedCa& issuer, globalconf::CostPreference preference);

}  // namespace causeway::securityserver
