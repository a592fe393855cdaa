// SPDX-License-Identifier: MIT
#include "globalconf/configuration_fault.hpp"

#include <array>
#include <utility>

namespace causeway::globalconf {

ClientExitCode exit_code_of(const Fault& fault) {
  using enum ClientExitCode;
  constexpr std::array<std::pair<std::string_view, ClientExitCode>, 14> kCodes{{
      {"unknown_host", unknown_host},
      {kAnchorFileNotFound, anchor_missing},
      {kMalformedAnchor, anchor_malformed},
      {kAnchorNotForExternalSource, anchor_not_for_external_source},
      {kMissingPrivateParameters, missing_private_parameters},
      {kConnectionFailure, cannot_download},
      {kGetVersionFailed, cannot_download},
      {kPartDownloadFailure, cannot_download},
      {"network_error", cannot_download},
      {"ssl_authentication_failed", cannot_download},
      {kOutdated, expired},
      {kSignatureVerificationFailure, invalid_signature},
      {kSignatureDecodeFailure, invalid_signature},
      {kMissingVerificationCert, invalid_signature},
  }};
  for (const auto& [name, code] : kCodes)
    if (fault.code == name) return code;
  return internal;
}

}  // namespace causeway::globalconf
