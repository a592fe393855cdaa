// SPDX-License-Identifier: MIT
// What can go wrong between an anchor and stored configuration, by the names that X-Road
// gives it, and the exit codes of its command line client (trust.md 2.3).
#pragma once

#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace causeway::globalconf {

inline constexpr std::string_view kAnchorFileNotFound = "anchor_file_not_found";
inline constexpr std::string_view kMalformedAnchor = "malformed_anchor";
inline constexpr std::string_view kAnchorNotForExternalSource = "conf_verification.anchor_not_for_external_source";
inline constexpr std::string_view kMissingPrivateParameters = "conf_verification.missing_private_params";
inline constexpr std::string_view kConnectionFailure = "global_conf_download_url_connection_failure";
inline constexpr std::string_view kGetVersionFailed = "global_conf_get_version_failed";
inline constexpr std::string_view kHeaderFieldMissing = "global_conf_header_field_missing";
inline constexpr std::string_view kHeaderFieldMissingParameter = "global_conf_header_field_missing_parameter";
inline constexpr std::string_view kHeaderFieldWrongValue = "global_conf_header_field_wrong_value";
inline constexpr std::string_view kMissingSignedData = "global_conf_missing_signed_data";
inline constexpr std::string_view kMissingExpirationDate = "global_conf_missing_signed_data_expiration_date";
inline constexpr std::string_view kMissingVerificationCert = "global_conf_missing_verification_cert";
inline constexpr std::string_view kSignatureDecodeFailure = "global_conf_signature_decode_failure";
inline constexpr std::string_view kSignatureVerificationFailure = "global_conf_signature_verification_failure";
inline constexpr std::string_view kDirectoryParsingFailure = "global_conf_parsing_downloaded_conf_directory_failure";
inline constexpr std::string_view kInvalidInstanceIdentifier = "global_conf_part_invalid_instance_identifier";
inline constexpr std::string_view kPartDownloadFailure = "global_conf_part_download_failure";
inline constexpr std::string_view kPartIntegrityFailure = "global_conf_part_downloaded_file_integrity_failure";
inline constexpr std::string_view kPartSaveFailure = "global_conf_part_file_save_failure";
inline constexpr std::string_view kOutdated = "global_conf_outdated";

inline Fault configuration_fault(std::string_view code, std::string text) {
  return Fault{std::string(code), std::move(text)};
}

// Of the command line client. X-Road 7.8 ends host, download and signature faults in
// `internal`, because it never mapped its newer names; here each has its own.
enum class ClientExitCode : int {
  ok = 0,
  unknown_host = 114,
  anchor_missing = 115,
  anchor_malformed = 116,
  anchor_not_for_external_source = 117,
  missing_private_parameters = 121,
  cannot_download = 122,
  expired = 123,
  invalid_signature = 124,
  internal = 125,
};
ClientExitCode exit_code_of(const Fault& fault);

}  // namespace causeway::globalconf
