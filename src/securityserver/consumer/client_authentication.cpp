// SPDX-License-Identifier: MIT
#include "securityserver/consumer/client_authentication.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {

ClientAuthentication::ClientAuthentication(const Parameters& parameters, pki::Certificate internal)
    : internal_(std::move(internal)),
      enabled_(parameters.flag("proxy.verify-client-cert", true)),
      enforce_validity_(parameters.flag("proxy.enforce-client-is-cert-validity-period-check", false)) {}

Result<void> ClientAuthentication::check(const Client& client, const net::ServerCall& call) const {
  return enabled_ ? require(client, call) : Result<void>();
}

Result<void> ClientAuthentication::require(const Client& client, const net::ServerCall& call) const {
  if (client.connection == ConnectionType::http) return {};
  if (!call.is_tls())
    return fault(
        FaultCode::ssl_authentication_failed,
        "client " + client.id.to_string() + " is set to connect with HTTPS, but the request came over plain HTTP");
  if (client.connection == ConnectionType::https_no_auth) return {};

  const auto& shown = call.peer_certificates();
  if (shown.empty())
    return fault(FaultCode::ssl_authentication_failed,
                 "client " + client.id.to_string() +
                     " is set to connect with HTTPS and a client certificate, but no certificate was shown");
  const auto& accepted = client.information_system_certificates;
  const bool known =
      std::find(accepted.begin(), accepted.end(), shown.front()) != accepted.end() || shown.front() == internal_;
  if (!known)
    return fault(FaultCode::ssl_authentication_failed,
                 "the certificate shown (" + shown.front().subject_rfc2253() +
                     ") is not among the information system certificates of client " + client.id.to_string());
  if (!shown.front().valid_at(now())) {
    if (enforce_validity_)
      return fault(FaultCode::ssl_authentication_failed,
                   "the information system certificate of client " + client.id.to_string() + " is not valid now");
    log::warn("information system certificate of client {} is outside its validity period", client.id.to_string());
  }
  return {};
}

}  // namespace causeway::securityserver
