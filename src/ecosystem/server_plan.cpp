// SPDX-License-Identifier: MIT
#include "ecosystem/server_plan.hpp"

#include <initializer_list>

namespace causeway::ecosystem {
namespace {

using securityserver::AccessRight;
using securityserver::Client;
using securityserver::ConnectionType;
using securityserver::Endpoint;
using securityserver::ServerConfiguration;
using securityserver::Service;
using securityserver::ServiceType;
using securityserver::Subject;

void add_service(Client& to, Service service) {
  auto& versions = to.services[service.code];
  versions.push_back(std::move(service));
}

void add_openapi(Client& to, std::string_view code, const std::string& base, const std::string& path,
                 const std::string& description, std::vector<Endpoint> endpoints) {
  add_service(to, {.code = std::string(code),
                   .version = {},
                   .type = ServiceType::openapi,
                   .url = base + path,
                   .description_url = base + "/openapi/" + description + ".yaml",
                   .verify_tls = false,
                   .disabled_notice = {},
                   .endpoints = std::move(endpoints)});
}

void add_wsdl(Client& to, std::initializer_list<std::string_view> codes, const std::string& url) {
  for (const std::string_view code : codes) {
    add_service(to, {.code = std::string(code),
                     .version = std::string(service::kSoapVersion),
                     .type = ServiceType::wsdl,
                     .url = url,
                     .description_url = url + "?wsdl",
                     .verify_tls = false,
                     .disabled_notice = {},
                     .endpoints = {}});
  }
}

void grant(Client& on, std::string_view code, const Endpoint& endpoint, const Subject& subject) {
  on.rights.grant(AccessRight{std::string(code), endpoint, subject});
}

void grant_all(Client& on, std::initializer_list<std::string_view> codes, const Subject& subject) {
  for (const std::string_view code : codes) grant(on, code, Endpoint::base(), subject);
}

Client base_client(const ClientId& id, ConnectionType connection) {
  return {.id = id,
          .connection = connection,
          .information_system_certificates = {},
          .services = {},
          .rights = {},
          .local_groups = {}};
}

// Rights by client: the apps of both countries by name.
Client population_client(const Plan& plan, const PlannedInstance& instance, const std::string& base) {
  Client client = base_client(instance.population, ConnectionType::http);
  add_openapi(client, service::kPopulation, base, "/population/v1", "population",
              {{"GET", "/persons"}, {"GET", "/persons/*"}, {"POST", "/persons/*/address"}});
  add_wsdl(client, {service::kPersonByCode, service::kFindPersons, service::kChangeAddress}, base + "/soap/population");
  for (const PlannedInstance& country : plan.instances) {
    for (const ClientId& app : {country.app, country.secure_app}) {
      grant_all(client, {service::kPopulation, service::kPersonByCode, service::kFindPersons, service::kChangeAddress},
                app);
    }
  }
  return client;
}

// Rights by local group and by endpoint: all partners read, only the own country's write.
Client business_client(const Plan& plan, const PlannedInstance& instance, const std::string& base) {
  Client client = base_client(instance.business, ConnectionType::http);
  const Endpoint find{"GET", "/companies"}, one{"GET", "/companies/*"}, board{"GET", "/companies/*/board-members"},
      places{"GET", "/persons/*/companies"}, appoint{"POST", "/companies/*/board-members"};
  add_openapi(client, service::kBusiness, base, "/business/v1", "business", {find, one, board, places, appoint});
  add_wsdl(client, {service::kCompanyByCode, service::kBoardMembers}, base + "/soap/business");
  auto& readers = client.local_groups["readers"];
  for (const PlannedInstance& country : plan.instances) {
    readers.insert(country.app);
    readers.insert(country.secure_app);
  }
  const LocalGroupId group{"readers"};
  for (const Endpoint& endpoint : {find, one, board, places}) grant(client, service::kBusiness, endpoint, group);
  grant_all(client, {service::kCompanyByCode, service::kBoardMembers}, group);
  grant(client, service::kBusiness, appoint, instance.app);
  return client;
}

// Rights by global group, one of each country.
Client lab_client(const Plan& plan, const PlannedInstance& instance, const std::string& base) {
  Client client = base_client(instance.lab, ConnectionType::http);
  add_openapi(client, service::kObjects, base, "/objects", "objects", {{"GET", "/*"}, {"POST", "/"}});
  add_openapi(client, service::kRestEcho, base, "/echo", "echo", {{"GET", "/*"}, {"POST", "/*"}});
  add_wsdl(client, {service::kEcho}, base + "/soap/echo");
  Service archive{.code = std::string(service::kArchive),
                  .version = {},
                  .url = base + "/echo/archive",
                  .description_url = {},
                  .verify_tls = false,
                  .disabled = true,
                  .disabled_notice = std::string(kArchiveNotice),
                  .endpoints = {}};
  add_service(client, std::move(archive));
  for (const PlannedInstance& country : plan.instances) {
    grant_all(client, {service::kObjects, service::kRestEcho, service::kEcho, service::kArchive},
              GlobalGroupId{country.id, country.partners.code});
  }
  return client;
}

// What Security Servers ask of the centre, for all owners of one.
Client management_client(const PlannedInstance& instance, const ServerPlanInputs& inputs) {
  Client client = base_client(instance.management, ConnectionType::https);
  client.information_system_certificates = inputs.management_certificates;
  if (inputs.management_url.empty()) return client;
  for (const char* code :
       {"clientReg", "clientDeletion", "clientDisable", "clientEnable", "clientRename", "ownerChange",
        "authCertDeletion", "addressChange", "maintenanceModeEnable", "maintenanceModeDisable"}) {
    add_service(client, {.code = code,
                         .version = {},
                         .type = ServiceType::wsdl,
                         .url = inputs.management_url,
                         .description_url = inputs.management_wsdl,
                         .verify_tls = true,
                         .disabled_notice = {},
                         .endpoints = {}});
    grant(client, code, Endpoint::base(), GlobalGroupId{instance.id, "security-server-owners"});
  }
  return client;
}

}  // namespace

ServerConfiguration provider_configuration(const Plan& plan, const PlannedInstance& instance,
                                           const ServerPlanInputs& inputs) {
  ServerConfiguration server{.id = instance.provider.id, .clients = {}, .timestamping_urls = {inputs.timestamping_url}};
  const ClientId owner = instance.provider.id.owner();
  server.clients.emplace(owner, base_client(owner, ConnectionType::https));
  server.clients.emplace(instance.management, management_client(instance, inputs));
  server.clients.emplace(instance.population, population_client(plan, instance, inputs.registers_url));
  server.clients.emplace(instance.business, business_client(plan, instance, inputs.registers_url));
  server.clients.emplace(instance.lab, lab_client(plan, instance, inputs.registers_url));
  return server;
}

ServerConfiguration consumer_configuration(const PlannedInstance& instance, const ServerPlanInputs& inputs) {
  ServerConfiguration server{.id = instance.consumer.id, .clients = {}, .timestamping_urls = {inputs.timestamping_url}};
  const ClientId owner = instance.consumer.id.owner();
  server.clients.emplace(owner, base_client(owner, ConnectionType::https));
  for (const PlannedClient& planned : instance.consumer.clients) {
    const auto connection = planned.tls_required ? ConnectionType::https : ConnectionType::http;
    Client client = base_client(planned.id, connection);
    if (planned.tls_required) client.information_system_certificates = inputs.information_system_certificates;
    server.clients.emplace(planned.id, std::move(client));
  }
  return server;
}

}  // namespace causeway::ecosystem
