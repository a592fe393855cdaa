// SPDX-License-Identifier: MIT
// X-Road's fault vocabulary (messages.md section 6) and its two spellings.
#pragma once

#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace causeway {

// Written in lower snake case on the wire, as the enumerators are.
#define CAUSEWAY_FAULT_CODES(X)                                                                                        \
  X(access_denied)                                                                                                     \
  X(bad_request)                                                                                                       \
  X(cannot_create_cert_path) X(cannot_create_signature) X(cert_validation) X(client_proxy_version_not_supported)       \
      X(database_error) X(duplicate_header_field) X(global_conf_outdated) X(hashchain_unused_inputs) X(http_error)     \
          X(inconsistent_headers) X(inconsistent_response) X(incorrect_certificate) X(incorrect_validation_info)       \
              X(internal_error) X(invalid_body) X(invalid_cert_path) X(invalid_client_identifier)                      \
                  X(invalid_content_type) X(invalid_hash_chain) X(invalid_hash_chain_ref) X(invalid_http_method)       \
                      X(invalid_message) X(invalid_protocol_version) X(invalid_reference) X(invalid_request)           \
                          X(invalid_security_server) X(invalid_signature_value) X(invalid_soap) X(invalid_soap_action) \
                              X(invalid_xml) X(io_error) X(key_not_found) X(logging_failed) X(maintenance_mode)        \
                                  X(malformed_global_conf) X(malformed_hash_chain) X(malformed_server_conf)            \
                                      X(malformed_signature) X(mime_parsing_failed) X(missing_body) X(missing_header)  \
                                          X(missing_header_field) X(missing_rest) X(missing_signature) X(missing_soap) \
                                              X(network_error) X(not_found) X(service_disabled) X(service_failed)      \
                                                  X(service_malformed_url) X(service_missing_url) X(service_type)      \
                                                      X(signature_verification) X(ssl_authentication_failed)           \
                                                          X(timestamping_failed) X(token_not_active) X(unknown_host)   \
                                                              X(unknown_member) X(unknown_service)

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
