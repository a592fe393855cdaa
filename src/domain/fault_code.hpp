// SPDX-License-Identifier: MIT
// X-Road's fault vocabulary (messages.md section 6) and its two spellings.
#pragma once

#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace causeway {

// Written in lower snake case on the wire, as the enumerators are. Codes of the admin
// APIs and of conf_verification.* and mlog.* are made where they are used.
// clang-format off
#define CAUSEWAY_FAULT_CODES(X) \
  /* any hop */ \
  X(access_denied) X(adapter_wsdl_not_found) X(bad_request) X(cryptography_error) X(database_error) \
  X(http_error) X(internal_error) X(invalid_request) X(invalid_response) X(io_error) X(maintenance_mode) \
  X(network_error) X(not_found) X(service_disabled) X(service_failed) X(service_malformed_url) \
  X(service_missing_url) X(service_type) X(ssl_authentication_failed) X(unknown_host) X(unknown_member) \
  X(unknown_service) \
  /* messages */ \
  X(client_proxy_version_not_supported) X(duplicate_header_field) X(inconsistent_headers) \
  X(inconsistent_response) X(invalid_body) X(invalid_client_identifier) X(invalid_content_type) \
  X(invalid_encoded_id) X(invalid_http_method) X(invalid_message) X(invalid_protocol_version) X(invalid_rest) \
  X(invalid_security_server) X(invalid_soap) X(invalid_soap_action) X(invalid_xml) X(malformed_soap) \
  X(mime_parsing_failed) X(missing_body) X(missing_header) X(missing_header_field) X(missing_rest) \
  X(missing_signature) X(missing_soap) \
  /* signatures and certificates */ \
  X(cannot_create_cert_path) X(cannot_create_signature) X(cert_validation) X(cert_validity_time) \
  X(hashchain_unused_inputs) X(incorrect_certificate) X(incorrect_validation_info) X(invalid_cert_path) \
  X(invalid_hash_chain) X(invalid_hash_chain_ref) X(invalid_reference) X(invalid_signature_value) \
  X(malformed_hash_chain) X(malformed_signature) X(missing_validation_info) X(ocsp_connection_error) \
  X(ocsp_failed) X(ocsp_response_parsing_failure) X(ocsp_response_verification_failure) \
  X(signature_verification) X(unsupported_algorithm) \
  /* message log and containers */ \
  X(asic_hash_chain_not_found) X(asic_hash_chain_result_not_found) X(asic_invalid_container) \
  X(asic_invalid_mime_type) X(asic_manifest_not_found) X(asic_message_not_found) X(asic_mime_type_not_found) \
  X(asic_signature_not_found) X(asic_timestamp_not_found) X(logging_failed) X(timestamper_failed) \
  X(timestamping_failed) \
  /* configuration */ \
  X(anchor_file_not_found) X(global_conf_outdated) X(malformed_anchor) X(malformed_global_conf) \
  X(malformed_key_conf) X(malformed_optional_parts_conf) X(malformed_server_conf) \
  /* the signer */ \
  X(cannot_find_member) X(cannot_get_member_id_from_certificate) X(cannot_sign) X(cert_exists) \
  X(cert_import_failed) X(cert_not_found) X(csr_not_found) X(failed_to_delete_key) \
  X(failed_to_generate_certificate_request) X(failed_to_generate_private_key) X(failed_to_generate_public_key) \
  X(hsm_non_operational) X(key_not_available) X(key_not_found) X(login_failed) X(logout_failed) X(pin_incorrect) \
  X(token_not_active) X(token_not_available) X(token_not_found) X(token_not_initialized) \
  X(token_pin_policy_failure) X(token_readonly) X(unsupported_sign_algorithm) X(wrong_cert_usage)
// clang-format on

enum class FaultCode {
#define CAUSEWAY_ENUMERATOR(name) name,
  CAUSEWAY_FAULT_CODES(CAUSEWAY_ENUMERATOR)
#undef CAUSEWAY_ENUMERATOR
};

std::string_view to_string(FaultCode code);

inline Fault fault(FaultCode code, std::string text) { return Fault{std::string(to_string(code)), std::move(text)}; }

// Where a fault arose; put in front once, at the process border.
inline constexpr std::string_view kOriginClient = "client";
inline constexpr std::string_view kOriginClientProxy = "server.clientproxy";
inline constexpr std::string_view kOriginServerProxy = "server.serverproxy";

// The 7.8 spelling of a code in either spelling: "Server.ServerProxy.AccessDenied"
// becomes "server.serverproxy.access_denied"; what is already lower case stays.
std::string modern_fault_code(std::string_view code);
// The spelling of peers before 7.8, for reading logs side by side.
std::string older_fault_code(std::string_view code);

}  // namespace causeway
