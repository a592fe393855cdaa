// SPDX-License-Identifier: MIT
// Tokens and signing keys as the administration interface writes them, with what can be done
// with them now.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "centralserver/registry/signing_keys.hpp"
#include "signer/token_info.hpp"

namespace causeway::centralserver {

// `keys`: all of the registry.
boost::json::object token_json(const signer::TokenInfo& token, const std::vector<SigningKey>& keys);
// `key` is one of the token's.
boost::json::object signing_key_json(const signer::TokenInfo& token, const signer::KeyInfo& info,
                                     const SigningKey& key);

// "INTERNAL" and "EXTERNAL", as in paths.
const char* source_name(SourceType source);
SourceType source_named(std::string_view name);

}  // namespace causeway::centralserver
