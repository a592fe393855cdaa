// SPDX-License-Identifier: MIT
#include "securityserver/services/soap_metadata.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "message/metadata.hpp"
#include "securityserver/access/access_rights.hpp"

namespace causeway::securityserver {
namespace {

template <class Includes>
std::vector<ServiceId> soap_services(const Client& provider, Includes includes) {
  std::vector<ServiceId> services;
  for (const auto& [code, versions] : provider.services)
    for (const Service& service : versions) {
      if (service.type != ServiceType::wsdl || !includes(service)) continue;
      auto id = ServiceId::make(provider.id, service.code, service.version);
      if (id) services.push_back(*std::move(id));
    }
  std::sort(services.begin(), services.end());
  return services;
}

net::Task<Result<SoapMetadataAnswer>> wsdl(const message::SoapMessage& request, const Client& provider,
                                           const DescriptionFetch& fetch) {
  auto asked = message::read_wsdl_query(request);
  if (!asked) co_return asked.error();
  const auto versions = provider.services.find(asked->service_code);
  if (versions == provider.services.end())
    co_return fault(FaultCode::unknown_service, "there is no service " + asked->service_code);
  if (versions->second.front().type != ServiceType::wsdl)
    co_return fault(FaultCode::service_type, "service " + asked->service_code + " is not described by a WSDL");
  const Service* service = provider.find_service(asked->service_code, asked->service_version);
  if (!service)
    co_return fault(FaultCode::unknown_service,
                    "there is no version '" + asked->service_version + "' of service " + asked->service_code);
  auto document = co_await fetch(*service, service->description_url);
  if (!document) co_return document.error();
  auto answer = message::wsdl_answer(request, as_text(document->body));
  if (!answer) co_return answer.error();
  net::Headers headers;
  headers.add("content-type", answer->attachment_type);
  for (const auto& [name, value] : answer->attachment_headers) headers.add(name, value);
  co_return SoapMetadataAnswer{std::move(answer->soap), std::move(answer->content_type), std::move(headers),
                               std::move(answer->wsdl)};
}

}  // namespace

bool is_soap_metadata(std::string_view service_code) {
  return service_code == "listMethods" || service_code == "allowedMethods" || service_code == "getWsdl";
}

net::Task<Result<SoapMetadataAnswer>> soap_metadata(const message::SoapMessage& request, const Client& provider,
                                                    const globalconf::View& view, const DescriptionFetch& fetch) {
  const std::string& code = request.header.service.code();
  if (code == "getWsdl") {
    auto document = co_await wsdl(request, provider, fetch);
    co_return document;
  }
  const auto services = soap_services(provider, [&](const Service& service) {
    return code == "listMethods" || !granted_endpoints(provider, service.code, request.header.client, view).empty();
  });
  auto soap = message::method_list(request, code, services);
  if (!soap) co_return soap.error();
  co_return SoapMetadataAnswer{*std::move(soap), "text/xml; charset=UTF-8", {}, std::nullopt};
}

}  // namespace causeway::securityserver
