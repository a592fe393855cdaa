// SPDX-License-Identifier: MIT
// Where a Security Server of the ecosystem gives out what proves a message.
#pragma once

#include <string>
#include <string_view>

#include "domain/identifiers.hpp"

namespace causeway::ecosystem {

// `server` is its consumer_url() or consumer_tls_url(); `owner` the client on the consumer's
// server, the provider on the provider's; `flags` as /asic takes them: "requestOnly&unique".
// Identifiers of the plan need no encoding.
std::string evidence_url(const std::string& server, const ClientId& owner, const std::string& query_id,
                         std::string_view flags);

}  // namespace causeway::ecosystem
