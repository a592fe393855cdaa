// SPDX-License-Identifier: MIT
// What the global configuration makes of the certificates that a server asked to register
// (trust.md 9.5).
#pragma once

#include <optional>
#include <string_view>

#include "globalconf/view.hpp"
#include "securityserver/management/centre_request.hpp"
#include "signer/management.hpp"

namespace causeway::securityserver {

// The status of an authentication certificate once the global configuration lists it for this
// server, or does not; nothing: it stays.
std::optional<std::string_view> status_by_configuration(std::string_view status, bool listed);

// Whether a certificate of this status may be registered or taken back. action_not_possible.
Result<void> check_certificate_request(CentreService service, std::string_view status);

// Gives every authentication certificate of the signer its status; how many got another one. With
// `activate`, one whose registration was under way becomes active too. The faults of the signer, but
// for one in activating, which is logged.
Result<int> update_certificate_statuses(signer::SignerConnection& signer, const globalconf::View& view,
                                        const ServerId& own, bool activate = false);

}  // namespace causeway::securityserver
