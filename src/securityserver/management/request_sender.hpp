// SPDX-License-Identifier: MIT
// The way to the centre: straight for the registration of authentication certificates, through
// the own proxy and the exchange for all others (trust.md 9.1).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "globalconf/view.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "net/tls.hpp"
#include "securityserver/management/member_signer.hpp"

namespace causeway::securityserver {

struct SenderSettings {
  net::Endpoint proxy{"localhost", 8443};            // the own client port, HTTPS
  std::shared_ptr<const net::TlsIdentity> identity;  // the internal one, which the own proxy knows
  net::ClientTimeouts timeouts{std::chrono::seconds(30), std::chrono::seconds(60)};
};

// For those who may block. What it is given outlives it.
class RequestSender {
 public:
  RequestSender(SenderSettings settings, signer::SignerConnection& signer, const OcspCache& ocsp)
      : settings_(std::move(settings)), signer_(signer), ocsp_(ocsp) {}

  // The number of the request at the centre; 0 of a dry run. What member_signer.hpp refuses,
  // cert_validation for a certificate to register that has expired, global_conf_outdated, what is said of the
  // connection (ssl_authentication_failed when the centre does not show the certificate that the global configuration
  // names), and the fault that the centre or a Security Server on the way answered.
  Result<std::int64_t> send(const CentreRequest& request, const globalconf::View& view);

 private:
  Result<OutgoingForm> signed_form(const CentreRequest& request, const message::SoapMessage& soap);
  Result<std::int64_t> exchange(const net::Url& url, net::TlsClientOptions tls, const message::SoapMessage& soap,
                                OutgoingForm form);

  const SenderSettings settings_;
  signer::SignerConnection& signer_;
  const OcspCache& ocsp_;
  net::IoThreads threads_{1};
};

}  // namespace causeway::securityserver
