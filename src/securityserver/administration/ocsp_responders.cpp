// SPDX-License-Identifier: MIT
#include "securityserver/administration/ocsp_responders.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::securityserver {
namespace {

constexpr int kFirstVersionWithCosts = 6;

constexpr std::array<std::pair<std::string_view, CostPreference>, 5> kNames{{{"NONE", CostPreference::none},
                                                                             {"FREE_FIRST", CostPreference::free_first},
                                                                             {"PAID_FIRST", CostPreference::paid_first},
                                                                             {"ONLY_FREE", CostPreference::only_free},
                                                                             {"ONLY_PAID", CostPreference::only_paid}}};

const globalconf::CaEntry* entry_of(const globalconf::SharedParameters& parameters, const pki::Certificate& ca) {
  const auto is_ca = [&ca](const globalconf::CaEntry& entry) {
    // DER, or the text of a PEM file (trust.md 4.1).
    if (entry.certificate == ca.der()) return true;
    const auto read = pki::Certificate::from_der_or_pem(entry.certificate);
    return read && *read == ca;
  };
  for (const auto& service : parameters.certification_services) {
    if (is_ca(service.top)) return &service.top;
    for (const auto& intermediate : service.intermediates)
      if (is_ca(intermediate)) return &intermediate;
  }
  return nullptr;
}

std::vector<std::string> by_preference(const std::vector<globalconf::OcspResponder>& responders,
                                       CostPreference preference) {
  const bool free_first = preference == CostPreference::free_first || preference == CostPreference::only_free;
  const bool only = preference == CostPreference::only_free || preference == CostPreference::only_paid;
  const auto wanted = free_first ? globalconf::CostType::free : globalconf::CostType::paid;
  std::vector<std::string> urls;
  for (const auto& responder : responders)
    if (responder.cost == wanted) urls.push_back(responder.url);
  if (only) return urls;
  for (const auto& responder : responders)
    if (responder.cost != wanted) urls.push_back(responder.url);
  return urls;
}

}  // namespace

CostPreference cost_preference_from(std::string_view text) {
  for (const auto& [name, preference] : kNames)
    if (text == name) return preference;
  log::warn("signer.ocsp-prioritization-strategy \"{}\" is unknown; NONE is used", text);
  return CostPreference::none;
}

std::vector<std::string> ocsp_responders_of(const globalconf::View& view, const pki::Certificate& certificate,
                                            const pki::ApprovedCa& issuer, CostPreference preference) {
  std::vector<std::string> urls = issuer.ocsp_urls;
  const auto* parameters = view.shared_parameters(view.own_instance());
  if (preference != CostPreference::none && parameters != nullptr &&
      view.version_of(view.own_instance()) >= kFirstVersionWithCosts) {
    if (const auto* entry = entry_of(*parameters, issuer.certificate)) urls = by_preference(entry->ocsp, preference);
  }
  std::ranges::move(certificate.ocsp_urls(), std::back_inserter(urls));
  std::vector<std::string> unique;
  for (std::string& url : urls)
    if (!url.empty() && std::ranges::find(unique, url) == unique.end()) unique.push_back(std::move(url));
  return unique;
}

}  // namespace causeway::securityserver
