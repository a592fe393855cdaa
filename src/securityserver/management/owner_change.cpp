// SPDX-License-Identifier: MIT
#include "securityserver/management/owner_change.hpp"

namespace causeway::securityserver {
namespace {

bool has_certificate_of(const ServerId& server, const globalconf::View& view,
                        std::span<const signer::TokenInfo> tokens) {
  for (const signer::TokenInfo& token : tokens)
    for (const signer::KeyInfo& key : token.keys)
      for (const signer::CertificateInfo& each : key.certificates) {
        if (key.usage != signer::KeyUsage::authentication) continue;
        const globalconf::ServerEntry* const entry = view.server_by_auth_certificate(each.certificate);
        if (entry != nullptr && entry->id == server) return true;
      }
  return false;
}

}  // namespace

std::optional<ClientId> owner_by_configuration(const ServerConfiguration& configuration, const globalconf::View& view,
                                               std::span<const signer::TokenInfo> tokens) {
  if (view.server(configuration.id) != nullptr) return std::nullopt;
  for (const auto& [id, client] : configuration.clients) {
    if (id.is_subsystem() || id == configuration.id.owner()) continue;
    const auto other = ServerId::make(id.instance(), id.member_class(), id.member_code(), configuration.id.code());
    if (other && view.server(*other) != nullptr && has_certificate_of(*other, view, tokens)) return id;
  }
  return std::nullopt;
}

void note_owner(Registrations& noted, const ServerConfiguration& configuration, const ClientId& owner) {
  const ServerId& configured = configuration.configured_id ? *configuration.configured_id : configuration.id;
  noted.owner.reset();
  if (configured.owner() != owner) noted.owner = OwnerChange{configured, owner};
}

}  // namespace causeway::securityserver
