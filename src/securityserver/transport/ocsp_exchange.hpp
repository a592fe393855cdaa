// SPDX-License-Identifier: MIT
// OCSP responses handed from server to server, port 5577 (messages.md 4.2).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "pki/certificate.hpp"
#include "securityserver/transport/ocsp_cache.hpp"

namespace causeway::securityserver {

// So many certificates may be named in one request: more than any chain has.
inline constexpr std::size_t kMaxHandedOver = 16;

// The SHA-1 hashes that a request names, in its order.
std::vector<std::string> requested_certificates(const net::RequestHead& head);
// The OCSP parts of an answer. cert_validation unless there are exactly `expected`.
Result<std::vector<Bytes>> read_ocsp_responses(std::string_view content_type, ByteView body, std::size_t expected);

// One response per certificate, in order. io_error, or cert_validation when the peer has
// none or answers with another number.
net::Task<Result<std::vector<Bytes>>> fetch_ocsp_responses(net::HttpClient& client, net::Endpoint peer,
                                                           std::vector<pki::Certificate> certificates,
                                                           net::ClientTimeouts timeouts);

// Answers GET with the responses of the certificates asked for by SHA-1, HEAD with 200.
net::Task<void> serve_ocsp_responses(net::ServerCall& call, const OcspCache& cache);

}  // namespace causeway::securityserver
