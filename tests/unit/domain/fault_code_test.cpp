// SPDX-License-Identifier: MIT
#include "domain/fault_code.hpp"

#include <gtest/gtest.h>

#include <map>

namespace causeway {
namespace {

// messages.md section 6: the spelling of 7.8, and the one before it.
const std::map<std::string, std::string> kGolden{
    {"access_denied", "AccessDenied"},
    {"adapter_wsdl_not_found", "AdapterWsdlNotFound"},
    {"anchor_file_not_found", "AnchorFileNotFound"},
    {"asic_hash_chain_not_found", "AsicHashChainNotFound"},
    {"asic_hash_chain_result_not_found", "AsicHashChainResultNotFound"},
    {"asic_invalid_container", "AsicInvalidContainer"},
    {"asic_invalid_mime_type", "AsicInvalidMimeType"},
    {"asic_manifest_not_found", "AsicManifestNotFound"},
    {"asic_message_not_found", "AsicMessageNotFound"},
    {"asic_mime_type_not_found", "AsicMimeTypeNotFound"},
    {"asic_signature_not_found", "AsicSignatureNotFound"},
    {"asic_timestamp_not_found", "AsicTimestampNotFound"},
    {"bad_request", "BadRequest"},
    {"cannot_create_cert_path", "CannotCreateCertPath"},
    {"cannot_create_signature", "CannotCreateSignature"},
    {"cannot_find_member", "CannotFindMember"},
    {"cannot_get_member_id_from_certificate", "CannotGetMemberIdFromCertificate"},
    {"cannot_sign", "CannotSign"},
    {"cert_exists", "CertExists"},
    {"cert_import_failed", "CertImportFailed"},
    {"cert_not_found", "CertNotFound"},
    {"cert_validation", "CertValidation"},
    {"cert_validity_time", "CertValidityTime"},
    {"client_proxy_version_not_supported", "ClientProxyVersionNotSupported"},
    {"cryptography_error", "CryptographyError"},
    {"csr_not_found", "CsrNotFound"},
    {"database_error", "DatabaseError"},
    {"duplicate_header_field", "DuplicateHeaderField"},
    {"failed_to_delete_key", "FailedToDeleteKey"},
    {"failed_to_generate_certificate_request", "FailedToGenerateCertificateRequest"},
    {"failed_to_generate_private_key", "FailedToGeneratePrivateKey"},
    {"failed_to_generate_public_key", "FailedToGeneratePublicKey"},
    {"global_conf_outdated", "OutdatedGlobalConf"},
    {"hashchain_unused_inputs", "HashChainUnusedInputs"},
    {"hsm_non_operational", "HSMNonOperational"},
    {"http_error", "HttpError"},
    {"inconsistent_headers", "InconsistentHeaders"},
    {"inconsistent_response", "InconsistentResponse"},
    {"incorrect_certificate", "IncorrectCertificate"},
    {"incorrect_validation_info", "IncorrectValidationInfo"},
    {"internal_error", "InternalError"},
    {"invalid_body", "InvalidBody"},
    {"invalid_cert_path", "InvalidCertPath"},
    {"invalid_client_identifier", "InvalidClientIdentifier"},
    {"invalid_content_type", "InvalidContentType"},
    {"invalid_encoded_id", "InvalidEncodedId"},
    {"invalid_hash_chain", "InvalidHashChain"},
    {"invalid_hash_chain_ref", "InvalidHashChainRef"},
    {"invalid_http_method", "InvalidHttpMethod"},
    {"invalid_message", "InvalidMessage"},
    {"invalid_protocol_version", "InvalidProtocolVersion"},
    {"invalid_reference", "InvalidReference"},
    {"invalid_request", "InvalidRequest"},
    {"invalid_response", "InvalidResponse"},
    {"invalid_rest", "InvalidRest"},
    {"invalid_security_server", "InvalidSecurityServer"},
    {"invalid_signature_value", "InvalidSignatureValue"},
    {"invalid_soap", "InvalidSoap"},
    {"invalid_soap_action", "InvalidSoapAction"},
    {"invalid_xml", "InvalidXml"},
    {"io_error", "IOError"},
    {"key_not_available", "KeyNotAvailable"},
    {"key_not_found", "KeyNotFound"},
    {"logging_failed", "LoggingFailed"},
    {"login_failed", "LoginFailed"},
    {"logout_failed", "LogoutFailed"},
    {"maintenance_mode", "MaintenanceMode"},
    {"malformed_anchor", "MalformedAnchor"},
    {"malformed_global_conf", "MalformedGlobalConf"},
    {"malformed_hash_chain", "MalformedHashChain"},
    {"malformed_key_conf", "MalformedKeyConf"},
    {"malformed_optional_parts_conf", "MalformedOptionalPartsConf"},
    {"malformed_server_conf", "MalformedServerConf"},
    {"malformed_signature", "MalformedSignature"},
    {"malformed_soap", "MalformedSoap"},
    {"mime_parsing_failed", "MimeParsingFailed"},
    {"missing_body", "MissingBody"},
    {"missing_header", "MissingHeader"},
    {"missing_header_field", "MissingHeaderField"},
    {"missing_rest", "MissingRest"},
    {"missing_signature", "MissingSignature"},
    {"missing_soap", "MissingSoap"},
    {"missing_validation_info", "MissingValidationInfo"},
    {"network_error", "NetworkError"},
    {"not_found", "NotFound"},
    {"ocsp_connection_error", "OcspConnectionError"},
    {"ocsp_failed", "OcspFailed"},
    {"ocsp_response_parsing_failure", "OcspResponseParsingFailure"},
    {"ocsp_response_verification_failure", "OcspResponseVerificationFailure"},
    {"pin_incorrect", "PinIncorrect"},
    {"service_disabled", "ServiceDisabled"},
    {"service_failed", "ServiceFailed"},
    {"service_malformed_url", "ServiceMalformedUrl"},
    {"service_missing_url", "ServiceMissingUrl"},
    {"service_type", "ServiceType"},
    {"signature_verification", "SignatureVerification"},
    {"ssl_authentication_failed", "SslAuthenticationFailed"},
    {"timestamper_failed", "TimestamperFailed"},
    {"timestamping_failed", "TimestampingFailed"},
    {"token_not_active", "TokenNotActive"},
    {"token_not_available", "TokenNotAvailable"},
    {"token_not_found", "TokenNotFound"},
    {"token_not_initialized", "TokenNotInitialized"},
    {"token_pin_policy_failure", "TokenPinPolicyFailure"},
    {"token_readonly", "TokenReadOnly"},
    {"unknown_host", "UnknownHost"},
    {"unknown_member", "UnknownMember"},
    {"unknown_service", "UnknownService"},
    {"unsupported_algorithm", "UnsupportedAlgorithm"},
    {"unsupported_sign_algorithm", "UnsupportedSignAlgorithm"},
    {"wrong_cert_usage", "WrongCertUsage"},
};

TEST(FaultCode, IsSpelledAsOnTheWire) {
  std::size_t count = 0;
#define CAUSEWAY_CHECK(name)                                  \
  EXPECT_EQ(to_string(FaultCode::name), #name);               \
  EXPECT_TRUE(kGolden.contains(std::string(#name))) << #name; \
  ++count;
  CAUSEWAY_FAULT_CODES(CAUSEWAY_CHECK)
#undef CAUSEWAY_CHECK
  EXPECT_EQ(count, kGolden.size());
  EXPECT_EQ(fault(FaultCode::access_denied, "no").code, "access_denied");
}

TEST(FaultCode, GoesBetweenBothSpellings) {
  for (const auto& [modern, older] : kGolden) {
    EXPECT_EQ(older_fault_code(modern), older);
    EXPECT_EQ(modern_fault_code(older), modern);
    EXPECT_EQ(modern_fault_code(modern), modern);
  }
}

TEST(FaultCode, ConvertsWholePaths) {
  const std::pair<std::string, std::string> paths[] = {
      {"server.serverproxy.access_denied", "Server.ServerProxy.AccessDenied"},
      {"server.clientproxy.service_failed.io_error", "Server.ClientProxy.ServiceFailed.IOError"},
      {"client.invalid_xml", "Client.InvalidXml"},
      {"server.serverproxy.opmonitor.internal_error", "Server.ServerProxy.OpMonitor.InternalError"},
      {"signer.token_not_active", "Signer.TokenNotActive"},
  };
  for (const auto& [modern, older] : paths) {
    EXPECT_EQ(modern_fault_code(older), modern);
    EXPECT_EQ(older_fault_code(modern), older);
  }
}

TEST(FaultCode, PassesWhatItDoesNotKnow) {
  EXPECT_EQ(modern_fault_code(""), "");
  EXPECT_EQ(modern_fault_code("."), ".");
  EXPECT_EQ(modern_fault_code("SomethingNew"), "something_new");
  EXPECT_EQ(modern_fault_code("SOAPFault"), "soap_fault");
}

}  // namespace
}  // namespace causeway
