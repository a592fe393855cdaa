// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

json::object as_json(const RegisteredMember& member) {
  return {{"member_name", member.name}, {"client_id", client_id_json(member.id)}};
}

Result<ClientId> asked_for(const ApiRequest& request) {
  return decode_client_id(in_path(request, "member_id"), "invalid_member_id");
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  const json::object body = body_of(request);
  const json::object& id = body.at("member_id").as_object();
  auto instance = instance_identifier(change.registry());
  if (!instance) return instance.error();
  auto made = ClientId::make(*instance, text_in(id, "member_class"), text_in(id, "member_code"));
  if (!made) return Fault{"validation_failure", made.error().text};
  const RegisteredMember added{*made, text_in(body, "member_name")};
  if (auto done = add_member(change, added.id, added.name); !done) return done.error();
  return json_answer(as_json(added), 201);
}

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto found = member(registry, *id);
  if (!found) return found.error();
  return json_answer(as_json(*found));
}

Result<ApiAnswer> rename(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  const RegisteredMember renamed{*id, text_in(body_of(request), "member_name")};
  if (auto done = rename_member(change, renamed.id, renamed.name); !done) return done.error();
  return json_answer(as_json(renamed));
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (auto done = delete_member(change, *id); !done) return done.error();
  return no_content();
}

}  // namespace

void add_member_operations(OperationsOf& api) {
  api.alter("addMember", &add);
  api.look("getMember", &get);
  api.alter("updateMemberName", &rename);
  api.alter("deleteMember", &remove);
}

}  // namespace causeway::centralserver
