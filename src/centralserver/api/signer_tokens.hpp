// SPDX-License-Identifier: MIT
// The signer's tokens as the operations ask for them, in the codes of X-Road's admin API:
// token_not_found, and signer_proxy_error when the signer cannot be asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "centralserver/api/server_context.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "signer/token_info.hpp"

namespace causeway::centralserver {

// What an operation on tokens refuses.
Fault token_fault(std::string_view code, std::string text);

// A connection, and the token as it is now.
struct AskedToken {
  signer::SignerConnection connection;
  signer::TokenInfo token;
};
Result<AskedToken> ask_for_token(const ServerContext& context, std::string_view id);

// A source has at most two keys on a token: the one that signs, and its successor or predecessor.
bool has_room_for_key(const signer::TokenInfo& token, SourceType source, const std::vector<SigningKey>& keys);
// Where nothing was initialised there is nothing to log in to.
bool is_initialized(const signer::TokenInfo& token);

}  // namespace causeway::centralserver
