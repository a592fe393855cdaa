// SPDX-License-Identifier: MIT
#include "centralserver/registry/management_service.hpp"

#include "centralserver/registry/clients.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {

Result<RegisteredManagementService> management_service(const Registry& registry) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  RegisteredManagementService out;
  if (parameters->provider_class.empty() || parameters->provider_code.empty()) return out;
  auto provider = ClientId::make(parameters->instance, parameters->provider_class, parameters->provider_code,
                                 parameters->provider_subsystem);
  if (!provider) return provider.error();
  out.provider = *std::move(provider);
  auto known = find_client(registry, *out.provider);
  if (!known) return known.error();
  if (!*known) return out;
  auto servers = servers_with_client(registry, *out.provider);
  if (!servers) return servers.error();
  out.servers = *std::move(servers);
  return out;
}

Result<void> set_management_service_provider(Change& change, const ClientId& provider) {
  auto known = told_as(subsystem(change.registry(), provider), RegistryFault::invalid_subsystem_id,
                       RegistryFault::subsystem_not_found);
  if (!known) return known.error();
  if (auto set = store_parameter(change, "managementServiceProviderClass", provider.member_class()); !set) return set;
  if (auto set = store_parameter(change, "managementServiceProviderCode", provider.member_code()); !set) return set;
  return store_parameter(change, "managementServiceProviderSubsystem", provider.subsystem());
}

Result<ClientId> management_service_provider_to_register(const Registry& registry) {
  auto service = management_service(registry);
  if (!service) return service.error();
  if (!service->provider)
    return fault(RegistryFault::management_service_provider_not_set,
                 "Choose the subsystem that serves the management requests first");
  auto provider = client_of(registry, *service->provider);
  if (!provider) return provider.error();
  auto registered =
      exists(registry.database(), "SELECT client_id FROM server_client WHERE client_id = $1 LIMIT 1", provider->number);
  if (!registered) return registered.error();
  if (*registered)
    return fault(RegistryFault::subsystem_already_registered_to_security_server,
                 service->provider->to_string() + " is a client of a security server already");
  return *service->provider;
}

Result<void> register_management_service_provider(Change& change, const ServerId& server) {
  auto provider = management_service_provider_to_register(change.registry());
  if (!provider) return provider.error();
  return register_client(change, server, *provider);
}

}  // namespace causeway::centralserver
