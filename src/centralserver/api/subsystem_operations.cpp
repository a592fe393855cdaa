// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

// With the name of its member, as X-Road has it.
Result<ApiAnswer> answer_with(const Registry& registry, const ClientId& id, const std::string& name, int status) {
  auto owner = member(registry, id.member());
  if (!owner) return owner.error();
  json::object out{{"member_name", owner->name}, {"client_id", client_id_json(id)}};
  if (!name.empty()) out["subsystem_name"] = name;
  return json_answer(out, status);
}

Result<ClientId> asked_for(const ApiRequest& request) {
  return decode_client_id(in_path(request, "subsystem_id"), "invalid_subsystem_id");
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  const json::object body = body_of(request);
  const json::object& id = body.at("subsystem_id").as_object();
  auto instance = instance_identifier(change.registry());
  if (!instance) return instance.error();
  auto made =
      ClientId::make(*instance, text_in(id, "member_class"), text_in(id, "member_code"), text_in(id, "subsystem_code"));
  if (!made) return Fault{"validation_failure", made.error().text};
  const std::string name = text_in(body, "subsystem_name");
  if (auto done = add_subsystem(change, *made, name); !done) return done.error();
  return answer_with(change.registry(), *made, name, 201);
}

Result<ApiAnswer> rename(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  const std::string name = text_in(body_of(request), "subsystem_name");
  if (auto done = rename_subsystem(change, *id, name); !done) return done.error();
  return answer_with(change.registry(), *id, name, 200);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (auto done = delete_subsystem(change, *id); !done) return done.error();
  return no_content();
}

}  // namespace

void add_subsystem_operations(OperationsOf& api) {
  api.alter("addSubsystem", &add);
  api.alter("updateSubsystemName", &rename);
  api.alter("deleteSubsystem", &remove);
}

}  // namespace causeway::centralserver
