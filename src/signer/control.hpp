// SPDX-License-Identifier: MIT
// The control messages: a JSON object {"op": ..., ...} asks, a JSON value answers.
//
//   tokens; version; login token pin; logout token; init-token token pin;
//   change-pin token pin new_pin; rename-token token name;
//   generate-key token label [rsa] [bits] [curve]; rename-key key name; delete-key key;
//   generate-csr key usage [member] subject [alternative_name] [certificate_profile];
//   delete-csr request; import-certificate certificate [member] [status] [activate];
//   activate certificate active; set-status certificate status;
//   delete-certificate certificate; authentication-key key
//
// Members are in REST form (I/C/M), certificates and requests in Base64 of the DER.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "signer/token_manager.hpp"

namespace causeway::signer {

// Does what `request` asks for. invalid_request when it cannot be understood.
Result<std::string> handle_control(TokenManager& manager, std::string_view request);

// True for what only looks, and so need not wait for changes under way.
bool only_reads(std::string_view request);

}  // namespace causeway::signer
