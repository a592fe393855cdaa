// SPDX-License-Identifier: MIT
// A management request as it comes over the wire (PR-MSERV; trust.md 9.2): SOAP, and behind it
// signatures, certificates and an OCSP response, whose meaning is their place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "centralserver/requests/management_request.hpp"
#include "message/soap.hpp"

namespace causeway::centralserver {

struct Attachment {
  std::optional<std::string> signature_algorithm;  // "SHA512withRSA", of a signature
  Bytes octets;
};

struct ManagementMessage {
  message::SoapMessage soap;
  std::vector<Attachment> attachments;
};

// "clientReg" is CLIENT_REGISTRATION, in any case as in X-Road. invalid_request for another code.
Result<RequestType> request_type_of_service(std::string_view service_code);
std::string_view service_code_of(RequestType type);
// How many attachments those of this type have: 5, 3 or none.
std::size_t attachments_of(RequestType type);

// `body` is whole, and no longer than the caller allows. Faults of SoapStreamReader;
// invalid_request without SOAP, the fault itself when the SOAP is one.
Result<ManagementMessage> read_management_message(std::string_view content_type, ByteView body);

struct AskedFor {
  NewRequest request;
  bool dry_run = false;  // to be judged, but not stored
};

// Whether the body of the SOAP is a request of this type; else invalid_soap.
Result<void> check_payload(const message::SoapMessage& soap, RequestType type);
// What the body of the SOAP says. invalid_soap when it is not of this type; invalid_request for a
// missing element; invalid_client_identifier for an identifier that nobody can have.
Result<AskedFor> read_asked_for(const message::SoapMessage& soap, RequestType type);

}  // namespace causeway::centralserver
