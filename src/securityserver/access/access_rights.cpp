// SPDX-License-Identifier: MIT
#include "securityserver/access/access_rights.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "securityserver/access/path_pattern.hpp"
#include "securityserver/access/service_path.hpp"

namespace causeway::securityserver {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return upper(x) == upper(y); });
}

bool in_local_group(const Client& provider, const LocalGroupId& group, const ClientId& caller) {
  const auto members = provider.local_groups.find(group.code);
  return members != provider.local_groups.end() && members->second.contains(caller);
}

// One caller of one provider: its number among the provider's rights is looked up once.
class Caller {
 public:
  Caller(const Client& provider, const ClientId& id, const globalconf::View& view)
      : provider_(provider), id_(id), view_(view), number_(provider.rights.number_of(id)) {}

  bool may_use(const GrantedEndpoint& granted) const {
    if (number_ && granted.clients.contains(*number_)) return true;
    for (const auto& group : granted.global_groups)
      if (view_.in_global_group(group, id_)) return true;
    for (const auto& group : granted.local_groups)
      if (in_local_group(provider_, group, id_)) return true;
    return false;
  }

 private:
  const Client& provider_;
  const ClientId& id_;
  const globalconf::View& view_;
  std::optional<std::uint32_t> number_;
};

bool is_allowed(const Client& provider, const std::string& service_code, const ClientId& caller,
                const std::optional<RequestedEndpoint>& rest, const globalconf::View& view) {
  if (rest && is_misleading(rest->path)) return false;
  const auto* endpoints = provider.rights.of_service(service_code);
  if (!endpoints) return false;
  const Caller known(provider, caller, view);
  return std::any_of(endpoints->begin(), endpoints->end(), [&](const GrantedEndpoint& granted) {
    return known.may_use(granted) && (rest ? endpoint_covers(granted.endpoint, *rest) : granted.endpoint.is_base());
  });
}

}  // namespace

Result<const Service*> check_access(const Client& provider, const ServiceId& service, const ClientId& caller,
                                    const std::optional<RequestedEndpoint>& rest, const globalconf::View& view) {
  const Service* found = provider.find_service(service.code(), service.version());
  if (!found) return fault(FaultCode::unknown_service, "Unknown service: " + service.to_string());
  if (rest && found->type == ServiceType::wsdl)
    return fault(FaultCode::service_type, service.to_string() + " is a SOAP service; call it over SOAP");
  if (!rest && found->type != ServiceType::wsdl)
    return fault(FaultCode::service_type, service.to_string() + " is a REST service; call it over REST");
  if (!is_allowed(provider, service.code(), caller, rest, view))
    return fault(FaultCode::access_denied, "Request is not allowed: " + service.to_string());
  if (found->disabled) {
    std::string text = "Service " + service.to_string() + " is disabled";
    if (!found->disabled_notice.empty()) text += ": " + found->disabled_notice;
    return fault(FaultCode::service_disabled, std::move(text));
  }
  return found;
}

std::vector<const Endpoint*> granted_endpoints(const Client& provider, const std::string& service_code,
                                               const ClientId& caller, const globalconf::View& view) {
  std::vector<const Endpoint*> granted;
  const auto* endpoints = provider.rights.of_service(service_code);
  if (!endpoints) return granted;
  const Caller known(provider, caller, view);
  for (const GrantedEndpoint& each : *endpoints)
    if (known.may_use(each)) granted.push_back(&each.endpoint);
  return granted;
}

bool subject_covers(const Subject& subject, const Client& provider, const ClientId& caller,
                    const globalconf::View& view) {
  if (const auto* client = std::get_if<ClientId>(&subject)) return *client == caller;
  if (const auto* group = std::get_if<GlobalGroupId>(&subject)) return view.in_global_group(*group, caller);
  return in_local_group(provider, std::get<LocalGroupId>(subject), caller);
}

bool endpoint_covers(const Endpoint& endpoint, const RequestedEndpoint& call) {
  return (endpoint.method == "*" || equals_ignoring_case(endpoint.method, call.method)) &&
         (endpoint.path == "**" || path_matches(endpoint.path, call.path));
}

}  // namespace causeway::securityserver
