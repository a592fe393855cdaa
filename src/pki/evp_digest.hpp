// SPDX-License-Identifier: MIT
// The digests as OpenSSL knows them, for the sources of this folder.
#pragma once

#include "pki/digest.hpp"
#include "pki/openssl_handles.hpp"

namespace causeway::pki {

// Fetched once, for the life of the process.
const EVP_MD* evp_digest(DigestAlgorithm algorithm);

}  // namespace causeway::pki
