// SPDX-License-Identifier: MIT
// Another owner of this server, once the centre has approved it (trust.md 9.5).
#pragma once

#include <optional>
#include <span>

#include "globalconf/view.hpp"
#include "securityserver/configuration/registrations.hpp"
#include "signer/token_info.hpp"

namespace causeway::securityserver {

// The member among the clients as whose server the global configuration knows this one: by the
// server's code and by a certificate for authentication that is among `tokens`. Nothing while
// it knows the server as it is, or not at all.
std::optional<ClientId> owner_by_configuration(const ServerConfiguration& configuration, const globalconf::View& view,
                                               std::span<const signer::TokenInfo> tokens);

// In what is noted.
void note_owner(Registrations& noted, const ServerConfiguration& configuration, const ClientId& owner);

}  // namespace causeway::securityserver
