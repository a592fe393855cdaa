// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_json.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "centralserver/requests/management_requests.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

// Here, and only here, identifiers begin with their type.
std::string servers_text(const std::vector<ServerId>& servers) {
  std::vector<std::string> ids;
  for (const ServerId& each : servers) ids.push_back("SERVER:" + encoded_id(each));
  std::ranges::sort(ids);
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : "; ") + id;
  return text;
}

std::string management_url(const std::string& address, const PublicPorts& ports) {
  return "https://" + address + ":" + std::to_string(ports.management) + "/managementservice/manage/";
}

Result<ApiAnswer> configuration(const ServerContext& context, const Registry& registry) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  auto service = management_service(registry);
  if (!service) return service.error();
  const std::string& address = parameters->central_server_address;
  json::object out{
      {"services_address", address.empty() ? "" : management_url(address, context.ports)},
      {"wsdl_address", address.empty() ? "" : public_url(address, context.ports, "/managementservices.wsdl")},
      {"security_server_owners_global_group_code", parameters->owners_group}};
  if (service->provider) {
    auto owner = member(registry, service->provider->member());
    if (!owner) return owner.error();
    if (auto known = subsystem(registry, *service->provider); !known) return known.error();
    out["service_provider_id"] = "SUBSYSTEM:" + encoded_id(*service->provider);
    out["service_provider_name"] = owner->name;
    out["security_server_id"] = servers_text(service->servers);
  }
  return json_answer(out);
}

Result<ApiAnswer> choose_provider(const ServerContext& context, Change& change, const ApiRequest& request) {
  auto provider = decode_client_id(text_in(body_of(request), "service_provider_id"), "invalid_service_provider_id");
  if (!provider) return provider.error();
  if (!provider->is_subsystem())
    return Fault{"invalid_service_provider_id", provider->to_string() + " is no subsystem"};
  if (auto done = set_management_service_provider(change, *provider); !done) return done.error();
  return configuration(context, change.registry());
}

// By a request of the centre, which is approved at once.
Result<ApiAnswer> register_at_server(const ServerContext& context, Change& change, const ApiRequest& request) {
  auto server = decode_server_id(text_in(body_of(request), "security_server_id"));
  if (!server) return server.error();
  if (auto registered = register_provider(change, *server); !registered) return registered.error();
  return configuration(context, change.registry());
}

}  // namespace

void add_management_service_operations(OperationsOf& api, const SharedContext& context) {
  api.look("getManagementServicesConfiguration",
           [context](const Registry& registry, const ApiRequest&) { return configuration(*context, registry); });
  api.alter("updateManagementServicesConfiguration", [context](Change& change, const ApiRequest& request) {
    return choose_provider(*context, change, request);
  });
  api.alter("registerServiceProvider", [context](Change& change, const ApiRequest& request) {
    return register_at_server(*context, change, request);
  });
}

}  // namespace causeway::centralserver
