// SPDX-License-Identifier: MIT
#include "signer/usable_key.hpp"

#include <algorithm>
#include <array>

#include "domain/fault_code.hpp"

namespace causeway::signer {
namespace {

constexpr std::string_view kPss = "CKM_RSA_PKCS_PSS";

}  // namespace

pki::SignatureScheme scheme_of(const KeyInfo& key) {
  if (!key.rsa) return pki::SignatureScheme::ecdsa;
  return key.mechanism == kPss ? pki::SignatureScheme::rsa_pss : pki::SignatureScheme::rsa_pkcs1;
}

Result<KeyInfo> usable_key(const std::vector<TokenInfo>& tokens, std::string_view key) {
  for (const TokenInfo& token : tokens) {
    const auto found = std::ranges::find(token.keys, key, &KeyInfo::id);
    if (found == token.keys.end()) continue;
    if (!found->available)
      return fault(FaultCode::key_not_available,
                   "the signing key " + std::string(key) + " cannot be used: log in to the token " + token.id);
    return *found;
  }
  return fault(FaultCode::key_not_found, "the signer has no key " + std::string(key));
}

pki::DigestSigner digest_signer(SignerConnection& connection, std::string key) {
  return [&connection, key = std::move(key)](pki::SignatureAlgorithm by, ByteView hash) -> Result<Bytes> {
    const std::array digests{Bytes(hash.begin(), hash.end())};
    auto signatures = connection.sign(key, by, digests);
    if (!signatures) return std::move(signatures).error();
    return std::move(signatures->front());
  };
}

}  // namespace causeway::signer
