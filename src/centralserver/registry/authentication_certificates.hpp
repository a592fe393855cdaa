// SPDX-License-Identifier: MIT
// The certificates by which registered security servers prove who they are.
#pragma once

#include <cstdint>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"
#include "pki/certificate.hpp"

namespace causeway::centralserver {

struct AuthenticationCertificate {
  std::int64_t number = 0;
  pki::Certificate certificate;
};

// security_server_not_found.
Result<std::vector<AuthenticationCertificate>> authentication_certificates(const Registry& registry,
                                                                           const ServerId& server);

// For this server or another one.
Result<bool> is_registered(const Registry& registry, const pki::Certificate& certificate);

// management_request_invalid_auth_certificate: none, or not one for authentication; whether an
// approved CA issued it is for the one who registers it to say.
// management_request_security_server_exists: it is registered, for this server or another one.
Result<std::int64_t> add_authentication_certificate(Change& change, const ServerId& server, ByteView certificate);
// ss_auth_certificate_not_found.
Result<void> delete_authentication_certificate(Change& change, const ServerId& server, std::int64_t number);

}  // namespace causeway::centralserver
