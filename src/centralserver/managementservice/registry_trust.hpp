// SPDX-License-Identifier: MIT
// Whom the instance trusts at this moment: what its next global configuration would say, so that
// requests are judged by no copy that may be old.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "centralserver/registry/registry.hpp"
#include "domain/identifiers.hpp"
#include "pki/trust.hpp"

namespace causeway::centralserver {

class RegistryTrust : public pki::Trust {
 public:
  // instance_identifier_not_set before initialisation.
  static Result<RegistryTrust> read(const Registry& registry);

  const std::string& instance() const { return instance_; }
  // Of the management services; none as long as it is not chosen.
  const std::optional<ClientId>& provider() const { return provider_; }

  // Of the own instance; nullptr for any other. They live as long as this.
  const pki::ApprovedCa* issuer_of(std::string_view instance, const pki::Certificate& certificate) const override;
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const override;
  std::vector<pki::Certificate> ocsp_signer_candidates() const override;
  pki::OcspPolicy ocsp_policy() const override { return policy_; }

 private:
  std::string instance_;
  std::optional<ClientId> provider_;
  std::vector<pki::ApprovedCa> cas_;
  pki::OcspPolicy policy_;
};

}  // namespace causeway::centralserver
