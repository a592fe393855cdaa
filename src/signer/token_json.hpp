// SPDX-License-Identifier: MIT
// Tokens as JSON, for the control messages and for --json.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "signer/token_info.hpp"

namespace causeway::signer {

boost::json::value to_json(const KeyInfo& key);
boost::json::value to_json(const std::vector<TokenInfo>& tokens);
// internal_error when the value is not what to_json writes.
Result<KeyInfo> key_from_json(const boost::json::value& value);
Result<std::vector<TokenInfo>> tokens_from_json(const boost::json::value& value);

std::string_view to_string(KeyUsage usage);  // "signing", "authentication"
Result<KeyUsage> usage_from(std::string_view text);

}  // namespace causeway::signer
