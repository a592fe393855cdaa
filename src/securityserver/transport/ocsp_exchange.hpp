// SPDX-License-Identifier: MIT
// OCSP responses handed from server to server, port 5577 (messages.md 4.2).
#pragma once

#include <vector>

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "pki/certificate.hpp"
#include "securityserver/transport/ocsp_cache.hpp"

namespace causeway::securityserver {

// One response per certificate, in order. io_error, or cert_validation when the peer has
// none or answers with another number.
net::Task<Result<std::vector<Bytes>>> fetch_ocsp_responses(net::HttpClient& client, net::Endpoint peer,
                                                           std::vector<pki::Certificate> certificates,
                                                           net::ClientTimeouts timeouts);

// Answers GET with the responses of the certificates asked for by SHA-1, HEAD with 200.
net::Task<void> serve_ocsp_responses(net::ServerCall& call, const OcspCache& cache);

}  // namespace causeway::securityserver
