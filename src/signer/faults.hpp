// SPDX-License-Identifier: MIT
// Fault codes that only the signer gives, beside those of domain/fault_code.hpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/fault.hpp"

namespace causeway::signer {

inline constexpr std::string_view kTokenNotFound = "token_not_found";
inline constexpr std::string_view kTokenNotInitialized = "token_not_initialized";
inline constexpr std::string_view kPinIncorrect = "pin_incorrect";
inline constexpr std::string_view kPinPolicyFailure = "token_pin_policy_failure";
inline constexpr std::string_view kCertificateExists = "cert_exists";
inline constexpr std::string_view kCertificateNotFound = "cert_not_found";
inline constexpr std::string_view kRequestNotFound = "csr_not_found";
inline constexpr std::string_view kWrongCertificateUsage = "wrong_cert_usage";
inline constexpr std::string_view kWrongKeyUsage = "wrong_key_usage";
inline constexpr std::string_view kUnsupportedAlgorithm = "unsupported_sign_algorithm";

inline Fault signer_fault(std::string_view code, std::string text) { return Fault{std::string(code), std::move(text)}; }

}  // namespace causeway::signer
