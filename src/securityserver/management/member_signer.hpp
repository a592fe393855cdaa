// SPDX-License-Identifier: MIT
// Signatures of members under what is asked of the centre, by the signer's keys.
#pragma once

#include <span>

#include "securityserver/management/centre_request.hpp"
#include "securityserver/transport/ocsp_cache.hpp"
#include "signer/management.hpp"

namespace causeway::securityserver {

// A certificate among those of the signer, and its key.
struct KeyOfCertificate {
  signer::KeyInfo key;
  signer::CertificateInfo certificate;
};

// The one with which `member` signs: active, registered, valid at `at`, of a key that is there, with
// an OCSP response. cannot_create_signature, with what is missing.
Result<KeyOfCertificate> signing_certificate_of(std::span<const signer::TokenInfo> tokens, const ClientId& member,
                                                const OcspCache& ocsp, TimePoint at);
// By the signer's id, or the SHA-1 of the certificate as hexadecimal; of a key for authentication.
// cert_not_found.
Result<KeyOfCertificate> authentication_certificate(std::span<const signer::TokenInfo> tokens, const std::string& id);

// With SHA-512, as the mechanism of the key has it. cannot_create_signature.
Result<PartSignature> sign_with(signer::SignerConnection& signer, const signer::KeyInfo& key, const Bytes& octets);

}  // namespace causeway::securityserver
