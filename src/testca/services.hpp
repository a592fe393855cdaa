// SPDX-License-Identifier: MIT
// The trust services as HTTP requests and answers, without a network.
//
//   POST /ca/sign?type=sign|auth|tls   a request, PEM or DER, as the body or as the file
//                                      "certreq" of a form (with a field "type"), the form
//                                      that X-Road's own test CA takes -> certificate, PEM.
//                                      Without a type: by the keyUsage the request asks
//                                      for, else by "sign" in the file's name. /sign and
//                                      /testca/sign too.
//   GET  /ca/certs                     all certificates of the services, PEM
//   GET  /ca/certs/NAME.pem            root, ca, ocsp, root-ocsp or tsa
//   GET  /ca/issued                    what was issued, JSON
//   POST /ca/revoke?serial=N           also /ca/unrevoke
//   POST /ocsp, GET /ocsp/BASE64       RFC 6960 appendix A
//   POST /tsa                          RFC 3161
#pragma once

#include <string>

#include "testca/test_ca.hpp"

namespace causeway::testca {

struct ServiceRequest {
  std::string method;
  std::string target;  // path and query, as on the request line
  std::string content_type;
  Bytes body;
};

struct ServiceAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  Bytes body;
  std::string filename = {};  // to be offered for saving; empty: none
};

// No request of these services is longer.
inline constexpr std::size_t kMaxServiceRequest = 128 * 1024;

ServiceAnswer answer(TestCa& ca, const ServiceRequest& request, TimePoint at);

}  // namespace causeway::testca
