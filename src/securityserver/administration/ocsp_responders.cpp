// SPDX-License-Identifier: MIT
#include "securityserver/administration/ocsp_responders.hpp"

#include <algorithm>
#include <utility>

#include "globalconf/shared_parameters.hpp"

namespace causeway::securityserver {
namespace {

const globalconf::CaEntry* entry_of(const globalconf::InstanceSettings& settings, const pki::Certificate& ca) {
  const auto is_ca = [&ca](const globalconf::CaEntry& entry) {
    // DER, or the text of a PEM file (trust.md 4.1).
    if (entry.certificate == ca.der()) return true;
    const auto read = pki::Certificate::from_der_or_pem(entry.certificate);
    return read && *read == ca;
  };
  for (const auto& service : settings.certification_services) {
    if (is_ca(service.top)) return &service.top;
    for (const auto& intermediate : service.intermediates)
      if (is_ca(intermediate)) return &intermediate;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> ocsp_responders_of(const globalconf::View& view, const pki::Certificate& certificate,
                                            const pki::ApprovedCa& issuer, globalconf::CostPreference preference) {
  std::vector<std::string> urls = issuer.ocsp_urls;
  const auto* settings = view.settings(view.own_instance());
  if (preference != globalconf::CostPreference::none && settings != nullptr &&
      view.version_of(view.own_instance()) >= globalconf::kFirstVersionWithCosts) {
    if (const auto* entry = entry_of(*settings, issuer.certificate)) {
      std::vector<globalconf::PricedUrl> responders;
      for (const auto& responder : entry->ocsp) responders.push_back({responder.url, responder.cost});
      urls = globalconf::ordered_by_cost(std::move(responders), preference);
    }
  }
  std::ranges::move(certificate.ocsp_urls(), std::back_inserter(urls));
  std::vector<std::string> unique;
  for (std::string& url : urls)
    if (!url.empty() && std::ranges::find(unique, url) == unique.end()) unique.push_back(std::move(url));
  return unique;
}

}  // namespace causeway::securityserver
