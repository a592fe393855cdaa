// SPDX-License-Identifier: MIT
#include "securityserver/services/rest_metadata.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "message/metadata.hpp"
#include "securityserver/access/access_rights.hpp"

namespace causeway::securityserver {
namespace {

// The REST services that `includes` lets through, each with the endpoints that `allows` does.
template <class Includes, class Allows>
std::string list(const Client& provider, Includes includes, Allows allows) {
  std::vector<message::ListedService> services;
  for (const auto& [code, versions] : provider.services)
    for (const Service& service : versions) {
      if (service.type == ServiceType::wsdl || !includes(service)) continue;
      auto id = ServiceId::make(provider.id, code);
      if (!id) continue;
      message::ListedService listed{*std::move(id), service.type == ServiceType::openapi, {}};
      for (const Endpoint& endpoint : service.endpoints)
        if (allows(service, endpoint)) listed.endpoints.push_back({endpoint.method, endpoint.path});
      services.push_back(std::move(listed));
    }
  std::sort(services.begin(), services.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return message::rest_method_list(services);
}

std::string allowed_methods(const Client& provider, const ClientId& caller, const globalconf::View& view) {
  return list(
      provider,
      [&](const Service& service) { return !granted_endpoints(provider, service.code, caller, view).empty(); },
      [&](const Service& service, const Endpoint& endpoint) {
        const auto granted = granted_endpoints(provider, service.code, caller, view);
        return std::any_of(granted.begin(), granted.end(),
                           [&](const Endpoint* one) { return one->is_base() || *one == endpoint; });
      });
}

net::Task<Result<MetadataAnswer>> open_api(const message::RestRequest& request, const Client& provider,
                                           const DescriptionFetch& fetch) {
  auto code = message::openapi_service_code(request.query);
  if (!code) co_return code.error();
  const Service* service = provider.find_service(*code, "");
  if (!service) co_return fault(FaultCode::internal_error, "there is no service " + *code);
  if (service->type != ServiceType::openapi)
    co_return fault(FaultCode::internal_error, "service " + *code + " has no OpenAPI description");
  auto document = co_await fetch(*service, service->description_url);
  if (!document) co_return document.error();
  const std::string* type = document->head.headers.find("content-type");
  auto rewritten = message::anonymous_openapi(as_text(document->body), type ? *type : "", service->description_url);
  if (!rewritten) co_return rewritten.error();
  co_return MetadataAnswer{type ? *type : "text/plain", *std::move(rewritten)};
}

}  // namespace

bool is_rest_metadata(std::string_view service_code) {
  return service_code == "listMethods" || service_code == "allowedMethods" || service_code == "getOpenAPI";
}

net::Task<Result<MetadataAnswer>> rest_metadata(const message::RestRequest& request, const Client& provider,
                                                const globalconf::View& view, const DescriptionFetch& fetch) {
  if (request.verb != "GET")
    co_return fault(FaultCode::internal_error, request.service.code() + " is asked for with GET, not " + request.verb);
  if (request.service.code() == "getOpenAPI") {
    auto document = co_await open_api(request, provider, fetch);
    co_return document;
  }
  if (request.service.code() == "listMethods")
    co_return MetadataAnswer{
        "application/json",
        list(provider, [](const Service&) { return true; }, [](const Service&, const Endpoint&) { return true; })};
  co_return MetadataAnswer{"application/json", allowed_methods(provider, request.client, view)};
}

}  // namespace causeway::securityserver
