// SPDX-License-Identifier: MIT
// The internal TLS identity of a Security Server, towards information systems.
#pragma once

#include <memory>
#include <string>

#include "net/tls.hpp"

namespace causeway::securityserver {

// ssl/internal.key and ssl/internal.crt (PEM); made, self-signed, when both are missing.
Result<std::shared_ptr<const net::TlsIdentity>> internal_tls_identity(const std::string& directory,
                                                                      const std::string& host);

}  // namespace causeway::securityserver
