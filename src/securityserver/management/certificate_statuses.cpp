// SPDX-License-Identifier: MIT
#include "securityserver/management/certificate_statuses.hpp"

#include "base/log.hpp"
#include "securityserver/management/client_statuses.hpp"

namespace causeway::securityserver {

std::optional<std::string_view> status_by_configuration(std::string_view status, bool listed) {
  using namespace signer;
  if (!listed) return status == kStatusRegistered ? std::optional(kStatusGlobalError) : std::nullopt;
  const bool waits = status == kStatusSaved || status == kStatusRegistrationInProgress || status == kStatusGlobalError;
  return waits ? std::optional(kStatusRegistered) : std::nullopt;
}

Result<void> check_certificate_request(CentreService service, std::string_view status) {
  using namespace signer;
  const bool allowed = service == CentreService::authCertReg
                           ? status == kStatusSaved
                           : status == kStatusRegistered || status == kStatusRegistrationInProgress;
  if (allowed) return {};
  return Fault{std::string(kActionNotPossible), "the certificate is '" + std::string(status) + "'"};
}

namespace {

void activate_registered(signer::SignerConnection& signer, const std::string& id) {
  if (auto active = signer.activate(id, true); active)
    log::info("authentication certificate {} is active now", id);
  else
    log::warn("authentication certificate {} is registered, and cannot be activated: {}", id, active.error().text);
}

}  // namespace

Result<int> update_certificate_statuses(signer::SignerConnection& signer, const globalconf::View& view,
                                        const ServerId& own, bool activate) {
  auto tokens = signer.list_tokens();
  if (!tokens) return tokens.error();
  int changed = 0;
  for (const signer::TokenInfo& token : *tokens)
    for (const signer::KeyInfo& key : token.keys) {
      if (key.usage != signer::KeyUsage::authentication) continue;
      for (const signer::CertificateInfo& each : key.certificates) {
        const globalconf::ServerEntry* const server = view.server_by_auth_certificate(each.certificate);
        const auto status = status_by_configuration(each.status, server != nullptr && server->id == own);
        if (!status) continue;
        if (auto noted = signer.set_status(each.id, *status); !noted) return noted.error();
        log::info("authentication certificate {} is {} now, and was {}", each.id, *status, each.status);
        ++changed;
        if (activate && each.status == signer::kStatusRegistrationInProgress) activate_registered(signer, each.id);
      }
    }
  return changed;
}

}  // namespace causeway::securityserver
