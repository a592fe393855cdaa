// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "centralserver/api/client_json.hpp"
#include "centralserver/api/documents.hpp"
#include "centralserver/api/initialization_status.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/registry/configuration_generations.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/source_anchors.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

constexpr std::chrono::seconds kGenerationDelay{10};  // that needs no attention yet

// A node is one of several when it was given a name.
json::object node_status(const Registry& registry) {
  return {{"is_ha_configured", registry.node() != kOnlyNode}, {"node_name", registry.node()}};
}

Result<ApiAnswer> status_answer(const ServerContext& context, const Registry& registry) {
  auto initialization = initialization_status_json(context, registry);
  if (!initialization) return initialization.error();
  return json_answer(json::object{{"high_availability_status", node_status(registry)},
                                  {"initialization_status", *std::move(initialization)}});
}

const char* status_of(const std::optional<TimePoint>& generated, std::chrono::seconds validity,
                      std::chrono::seconds interval) {
  if (!generated) return "UNKNOWN";
  const auto age = now() - *generated;
  if (age > validity) return "ERROR";
  return age > interval + kGenerationDelay ? "WARN" : "OK";
}

Result<ApiAnswer> cluster_answer(const ServerContext& context, const Registry& registry) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  auto addresses = node_addresses(registry);
  if (!addresses) return addresses.error();
  auto generations = configuration_generations(registry);
  if (!generations) return generations.error();
  json::object out = node_status(registry);
  json::array nodes;
  bool all_are_good = true;
  for (const NodeAddress& each : *addresses) {
    const auto found = generations->find(each.node);
    const auto generated = found == generations->end() ? std::nullopt : std::optional(found->second);
    const char* const status = status_of(generated, parameters->validity, context.generation_interval);
    all_are_good = all_are_good && std::string_view(status) == "OK";
    json::object node{{"node_name", each.node}, {"node_address", each.address}, {"status", status}};
    if (generated) node["configuration_generated"] = to_iso_millis(*generated);
    nodes.push_back(std::move(node));
  }
  out["nodes"] = std::move(nodes);
  out["all_nodes_ok"] = all_are_good;
  return json_answer(out);
}

Result<ApiAnswer> change_address(const ServerContext& context, Change& change, const ApiRequest& request) {
  if (auto instance = instance_identifier(change.registry()); !instance) return instance.error();
  const std::string address = text_in(body_of(request), "central_server_address");
  if (auto set = set_central_server_address(change, address); !set) return set.error();
  for (const SourceType source : globalconf::kSourceTypes) {
    auto made = recreate_source_anchor(change, source, context.ports);
    // Whoever has no key had no anchor before either.
    if (!made && made.error().code != to_string(RegistryFault::no_configuration_signing_keys_configured))
      return made.error();
  }
  return status_answer(context, change.registry());
}

}  // namespace

void add_system_operations(OperationsOf& api, const SharedContext& context) {
  api.look("getSystemStatus",
           [context](const Registry& registry, const ApiRequest&) { return status_answer(*context, registry); });
  api.answer("getSystemVersion", [context](const ApiRequest&) -> admin::Outcome {
    return json_answer(json::object{{"info", context->version}});
  });
  api.look("getHighAvailabilityClusterStatus",
           [context](const Registry& registry, const ApiRequest&) { return cluster_answer(*context, registry); });
  api.alter("updateCentralServerAddress",
            [context](Change& change, const ApiRequest& request) { return change_address(*context, change, request); });
  // Whoever asks, however often: nothing is opened for them.
  api.answer("downloadOpenApi", [](const ApiRequest&) -> admin::Outcome {
    return file_answer(std::string(api_description()), "openapi.yaml", "application/x-yaml");
  });
}

}  // namespace causeway::centralserver
