// SPDX-License-Identifier: MIT
// Whether a management request comes from who may make it (trust.md 9.2).
#pragma once

#include "centralserver/managementservice/management_message.hpp"
#include "centralserver/managementservice/registry_trust.hpp"

namespace causeway::centralserver {

// What is asked for, when it may be asked for. In the order of X-Road, with its faults: signatures and
// certificates as the type has them
// (invalid_request for a missing part, incorrect_certificate, cert_validation, internal_error for
// an issuer that is not approved or an algorithm that is not the key's, io_error for what is no OCSP
// response, incorrect_validation_info, invalid_signature_value), then faults of read_asked_for, and
// whether sender, server and certificates belong together (invalid_request).
Result<AskedFor> verify_request(const ManagementMessage& message, RequestType type, const RegistryTrust& trust,
                                TimePoint at);

}  // namespace causeway::centralserver
