// SPDX-License-Identifier: MIT
// What the signer tells of its tokens, keys and certificates.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/identifiers.hpp"
#include "pki/certificate.hpp"

namespace causeway::signer {

enum class KeyUsage { signing, authentication };

// Statuses of a certificate (trust.md 9.5), as key configurations write them.
inline constexpr std::string_view kStatusSaved = "saved";
inline constexpr std::string_view kStatusRegistrationInProgress = "registration in progress";
inline constexpr std::string_view kStatusRegistered = "registered";
inline constexpr std::string_view kStatusDeletionInProgress = "deletion in progress";
inline constexpr std::string_view kStatusGlobalError = "global error";

struct CertificateInfo {
  std::string id;  // upper-case hex, the signer's own
  pki::Certificate certificate;
  std::optional<ClientId> member;  // signing certificates: whom they are for
  bool active = false;
  std::string status;  // one of the above
  // Why the certificate could not be activated; empty: nothing is known against it.
  std::string activation_error;
};

// A certificate signing request that no certificate answered yet.
struct RequestInfo {
  std::string id;
  std::optional<ClientId> member;
  std::string subject;
  std::string alternative_name;  // DNS name, may be empty
};

struct KeyInfo {
  std::string id;  // upper-case hex, as in file names
  std::string label;
  std::optional<KeyUsage> usage;
  bool available = false;  // token present and logged in
  bool rsa = true;
  std::string mechanism;  // "CKM_RSA_PKCS", "CKM_RSA_PKCS_PSS" or "CKM_ECDSA"
  Bytes public_key;       // SubjectPublicKeyInfo; empty until the token was first opened
  std::vector<CertificateInfo> certificates;
  std::vector<RequestInfo> requests;
};

struct TokenInfo {
  std::string id, friendly_name;
  bool active = false;  // PIN was entered
  std::string status;   // "OK", "USER_PIN_INCORRECT", ... (evidence.md 7)
  bool batch_signing = true;
  std::vector<KeyInfo> keys;
};

}  // namespace causeway::signer
