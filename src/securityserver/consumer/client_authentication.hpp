// SPDX-License-Identifier: MIT
// Whether an information system may speak for a client (messages.md 2.2).
#pragma once

#include <optional>

#include "base/parameters.hpp"
#include "base/result.hpp"
#include "net/http_server.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

class ClientAuthentication {
 public:
  // `internal` is the server's own internal TLS certificate, which is accepted too.
  ClientAuthentication(const Parameters& parameters, pki::Certificate internal);

  // ssl_authentication_failed, with what to do about it.
  Result<void> check(const Client& client, const net::ServerCall& call) const;
  // The same, also where proxy.verify-client-cert leaves it to others.
  Result<void> require(const Client& client, const net::ServerCall& call) const;

 private:
  pki::Certificate internal_;
  bool enabled_;           // proxy.verify-client-cert
  bool enforce_validity_;  // proxy.enforce-client-is-cert-validity-period-check
};

}  // namespace causeway::securityserver
