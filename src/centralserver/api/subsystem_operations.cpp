// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/unregistering.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/subsystems.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

Result<ApiAnswer> answer_with(const Registry& registry, const ClientId& id, int status) {
  auto out = client_json(registry, id);
  if (!out) return out.error();
  return json_answer(*out, status);
}

Result<ClientId> asked_for(const ApiRequest& request) {
  return decode_client_id(in_path(request, "subsystem_id"), "invalid_subsystem_id");
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  const json::object body = body_of(request);
  auto id = new_client_id(change.registry(), body.at("subsystem_id").as_object());
  if (!id) return id.error();
  if (auto done = add_subsystem(change, *id, text_in(body, "subsystem_name")); !done) return done.error();
  return answer_with(change.registry(), *id, 201);
}

Result<ApiAnswer> rename(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto done = rename_subsystem(change, *id, text_in(body_of(request), "subsystem_name"));
  if (!done) return done.error();
  return answer_with(change.registry(), *id, 200);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (auto done = delete_subsystem(change, *id); !done) return done.error();
  return no_content();
}

Result<ApiAnswer> unregister(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (!id->is_subsystem()) return fault(RegistryFault::invalid_subsystem_id, id->to_string() + " is not a subsystem");
  return unregister_from_server(change, request, *id);
}

}  // namespace

void add_subsystem_operations(OperationsOf& api) {
  api.alter("addSubsystem", &add);
  api.alter("updateSubsystemName", &rename);
  api.alter("deleteSubsystem", &remove);
  api.alter("unregisterSubsystem", &unregister);
}

}  // namespace causeway::centralserver
