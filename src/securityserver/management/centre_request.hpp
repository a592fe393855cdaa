// SPDX-License-Identifier: MIT
// What a Security Server asks of the centre, as SOAP and as what is sent (PR-MSERV; trust.md 9).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "message/soap.hpp"
#include "pki/signature_algorithm.hpp"

namespace causeway::securityserver {

// In the order of X-Road.
enum class CentreService {
  authCertReg,
  clientReg,
  ownerChange,
  clientDeletion,
  authCertDeletion,
  addressChange,
  clientDisable,
  clientEnable,
  clientRename,
  maintenanceModeEnable,
  maintenanceModeDisable
};
std::string_view to_string(CentreService service);  // the service code, "clientReg"
std::optional<CentreService> centre_service(std::string_view code);

// Which of the fields count depends on the service.
struct CentreRequest {
  CentreService service = CentreService::clientReg;
  ServerId server;
  std::optional<ClientId> client = {};  // and the new owner
  std::optional<std::string> address = {};
  std::optional<Bytes> certificate = {};  // for authentication, DER
  std::optional<std::string> subsystem_name = {};
  std::optional<std::string> message = {};  // of a maintenance
  bool dry_run = false;                     // authCertReg: judged, and nothing stored
};

// Whose signature is sent along, besides that of the authentication key: the owner's, the
// client's member's, or nobody's.
std::optional<ClientId> signer_of(const CentreRequest& request);

// From the owner to the service of `provider`.
Result<message::SoapMessage> centre_message(const CentreRequest& request, const ClientId& provider);

struct PartSignature {
  pki::SignatureAlgorithm algorithm;
  Bytes value;  // ECDSA in DER
};
// A member's signature over the SOAP, with what it is verified by.
struct MemberSignature {
  PartSignature signature;
  Bytes certificate, ocsp_response;
};
// The authentication key's, and its certificate.
struct AuthenticationSignature {
  PartSignature signature;
  Bytes certificate;
};

struct OutgoingForm {
  std::string content_type;
  Bytes body;
};
// The SOAP alone without signatures; the parts in the order of X-Road otherwise.
OutgoingForm centre_form(const message::SoapMessage& soap, const std::optional<MemberSignature>& member,
                         const std::optional<AuthenticationSignature>& authentication = {});

// The number of the request at the centre. The fault that was answered; invalid_content_type,
// inconsistent_response and what parse_soap says of an answer that is none.
Result<std::int64_t> read_centre_answer(const message::SoapMessage& request, const std::string& content_type,
                                        Bytes body);

}  // namespace causeway::securityserver
