// SPDX-License-Identifier: MIT
// SOAP as the log stores it (evidence.md 4.1).
#pragma once

#include "message/soap.hpp"

namespace causeway::securityserver {

// The exact bytes; without body, the X-Road headers and one empty body element named
// after the service. Such a record never verifies, by design.
inline Bytes logged_soap(const message::SoapMessage& soap, bool response, bool with_body) {
  if (with_body) return soap.bytes;
  auto reduced = message::soap_response(soap, soap.header.service.code() + (response ? "Response" : ""), "");
  return reduced ? std::move(reduced->bytes) : Bytes();
}

}  // namespace causeway::securityserver
