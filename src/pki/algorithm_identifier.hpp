// SPDX-License-Identifier: MIT
// Signature algorithms and values as ASN.1, for what is signed by a key that lives elsewhere.
// For the sources of this folder; never included by a public header.
#pragma once

#include "pki/openssl_handles.hpp"
#include "pki/signature_algorithm.hpp"

namespace causeway::pki {

// False when OpenSSL has no such algorithm.
bool set_algorithm(X509_ALGOR* algorithm, SignatureAlgorithm signature);
// All bits count, also when the last octet ends in zeros.
bool set_signature(ASN1_BIT_STRING* bits, ByteView signature);

}  // namespace causeway::pki
