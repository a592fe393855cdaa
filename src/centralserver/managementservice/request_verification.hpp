// SPDX-License-Identifier: MIT
// Whether a management request comes from who may make it (trust.md 9.2).
#pragma once

#include "centralserver/managementservice/management_message.hpp"
#include "centralserver/managementservice/registry_trust.hpp"

namespace causeway::centralserver {

// In the order of X-Road, with its faults: signatures and certificates as the type has them
// (invalid_request for a missing part, incorrect_certificate, cert_validation, internal_error for
// an issuer that is not approved, incorrect_validation_info, invalid_signature_value), then
// whether sender, server and certificates belong together (invalid_request).
Result<void> verify_request(const ManagementMessage& message, const AskedFor& asked, const RegistryTrust& trust,
                            TimePoint at);

}  // namespace causeway::centralserver
