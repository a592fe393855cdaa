// SPDX-License-Identifier: MIT
#include "centralserver/api/api_operations.hpp"

#include <boost/json.hpp>

#include "admin/yaml_json.hpp"
#include "base/log.hpp"
#include "centralserver/api/documents.hpp"

namespace causeway::centralserver {

using admin::ApiAnswer;
using admin::ApiRequest;
using admin::Outcome;

admin::Roles central_server_roles() {
  std::map<std::string, admin::Names, std::less<>> permissions;
  const boost::json::value document = admin::yaml_as_json(api_roles());
  for (const auto& [role, granted] : document.as_object())
    for (const boost::json::value& permission : granted.as_array()) permissions[role].emplace(permission.as_string());
  return admin::Roles(std::move(permissions));
}

admin::ApiError OperationsOf::refusal(const admin::ApiDefinition& definition, std::string_view id, const Fault& why) {
  if (const auto status = definition.status_of(id, why.code)) return admin::api_error(*status, why.code);
  log::error("admin API: {}: {}: {}", id, why.code, why.text);
  return {.status = 500};
}

void OperationsOf::look(std::string_view id, Look operation) {
  const auto handle = [definition = definition_, &registries = registries_, id = std::string(id),
                       operation = std::move(operation)](const ApiRequest& request) -> Outcome {
    auto registry = registries.take();
    if (!registry) return refusal(*definition, id, registry.error());
    auto answer = operation(**registry, request);
    if (!answer) return refusal(*definition, id, answer.error());
    return *std::move(answer);
  };
  router_.add(definition_->operation(id, handle));
}

void OperationsOf::alter(std::string_view id, Alter operation) {
  decide(id, [operation = std::move(operation)](Change& change, const ApiRequest& request) -> Result<Outcome> {
    auto answer = operation(change, request);
    if (!answer) return answer.error();
    return Outcome(*std::move(answer));
  });
}

void OperationsOf::decide(std::string_view id, Decide operation) {
  const auto handle = [definition = definition_, &registries = registries_, id = std::string(id),
                       operation = std::move(operation)](const ApiRequest& request) -> Outcome {
    auto registry = registries.take();
    if (!registry) return refusal(*definition, id, registry.error());
    auto change = Change::begin(**registry, request.caller.name);
    if (!change) return refusal(*definition, id, change.error());
    auto outcome = operation(*change, request);
    if (!outcome) return refusal(*definition, id, outcome.error());
    if (std::holds_alternative<admin::ApiError>(*outcome)) return *std::move(outcome);
    if (auto committed = change->commit(); !committed) return refusal(*definition, id, committed.error());
    return *std::move(outcome);
  };
  router_.add(definition_->operation(id, handle));
}

void OperationsOf::answer(std::string_view id, admin::Operation::Handler operation) {
  router_.add(definition_->operation(id, std::move(operation)));
}

void add_api_operations(admin::Router& router, Registries& registries, const Surroundings& around) {
  OperationsOf api(router, admin::ApiDefinition::parse(api_description()), registries);
  add_member_class_operations(api);
  add_member_operations(api);
  add_subsystem_operations(api);
  add_global_group_operations(api);
  add_security_server_operations(api);
  add_search_operations(api);
  add_certification_service_operations(api);
  add_intermediate_ca_operations(api);
  add_ocsp_responder_operations(api);
  add_timestamping_service_operations(api);
  add_trusted_anchor_operations(api, around.try_anchor);
  if (!around.tls_folder.empty()) add_service_certificate_operations(api, around.tls_folder);
  add_management_request_operations(api);
}

}  // namespace causeway::centralserver
