// SPDX-License-Identifier: MIT
// Certificate requests, PKCS#10 (trust.md 8.1, evidence.md section 7).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pki/distinguished_name.hpp"
#include "pki/key.hpp"

namespace causeway::pki {

enum class CsrUse {
  none,            // no keyUsage asked for
  signing,         // nonRepudiation, keyCertSign
  authentication,  // digitalSignature, keyEncipherment, dataEncipherment
};

struct CsrSpec {
  DistinguishedName subject;
  CsrUse use = CsrUse::none;
  std::vector<std::string> alt_names = {};  // DNS names and IP addresses
};

// Signs a digest with a key that may live elsewhere; ECDSA values in DER.
using DigestSigner = std::function<Result<Bytes>(SignatureAlgorithm, ByteView digest)>;

// DER. bad_request for names that cannot be asked for, else what `sign` says.
Result<Bytes> make_csr(const CsrSpec& spec, const PublicKey& key, SignatureAlgorithm algorithm,
                       const DigestSigner& sign);
// Signed with SHA-256.
Result<Bytes> make_csr(const CsrSpec& spec, const PrivateKey& key);
std::string csr_to_pem(ByteView der);

struct Csr {
  DistinguishedName subject;
  PublicKey key;
  CsrUse use = CsrUse::none;  // by the keyUsage asked for
  std::vector<std::string> alt_names;
};

// DER or PEM; the request's signature has been verified. bad_request.
Result<Csr> read_csr(ByteView bytes);

}  // namespace causeway::pki
