// SPDX-License-Identifier: MIT
// Keys of the signer that sign for others: with which scheme, and whether they can just now.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pki/csr.hpp"
#include "pki/signature_algorithm.hpp"
#include "signer/management.hpp"
#include "signer/token_info.hpp"

namespace causeway::signer {

// By the key's mechanism.
pki::SignatureScheme scheme_of(const KeyInfo& key);
// key_not_found; key_not_available when its token is not logged in.
Result<KeyInfo> usable_key(const std::vector<TokenInfo>& tokens, std::string_view key);
// Signs with `key`, over the connection, which it does not outlive.
pki::DigestSigner digest_signer(SignerConnection& connection, std::string key);

}  // namespace causeway::signer
