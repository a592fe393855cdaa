// SPDX-License-Identifier: MIT
// Signature algorithms by URI and by Java name (trust.md section 0, evidence.md 1.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pki/digest.hpp"

namespace causeway::pki {

enum class SignatureScheme { rsa_pkcs1, rsa_pss, ecdsa };

struct SignatureAlgorithm {
  SignatureScheme scheme = SignatureScheme::rsa_pkcs1;
  DigestAlgorithm digest = DigestAlgorithm::sha512;
  bool operator==(const SignatureAlgorithm&) const = default;
};

std::string signature_uri(SignatureAlgorithm algorithm);   // "...xmldsig-more#rsa-sha512"
std::string signature_name(SignatureAlgorithm algorithm);  // "SHA512withRSA"
std::optional<SignatureAlgorithm> signature_from_uri(std::string_view uri);
std::optional<SignatureAlgorithm> signature_from_name(std::string_view name);

}  // namespace causeway::pki
