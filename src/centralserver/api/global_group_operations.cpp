// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/global_groups.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

Result<json::object> as_json(const Registry& registry, const RegisteredGroup& group) {
  auto members = global_group_members(registry, group.code);
  if (!members) return members.error();
  return json::object{{"code", group.code},
                      {"description", group.description},
                      {"member_count", members->size()},
                      {"created_at", to_iso_millis(group.created)},
                      {"updated_at", to_iso_millis(group.updated)}};
}

Result<ApiAnswer> answer_with(const Registry& registry, const std::string& code, int status) {
  auto group = global_group(registry, code);
  if (!group) return group.error();
  auto out = as_json(registry, *group);
  if (!out) return out.error();
  return json_answer(*out, status);
}

Result<ApiAnswer> list(const Registry& registry, const ApiRequest&) {
  auto groups = global_groups(registry);
  if (!groups) return groups.error();
  json::array out;
  for (const RegisteredGroup& each : *groups) {
    auto one = as_json(registry, each);
    if (!one) return one.error();
    out.push_back(*std::move(one));
  }
  return json_answer(out);
}

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  return answer_with(registry, in_path(request, "group_code"), 200);
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  const json::object body = body_of(request);
  const NewGlobalGroup added{text_in(body, "code"), text_in(body, "description")};
  if (auto done = add_global_group(change, added); !done) return done.error();
  return answer_with(change.registry(), added.code, 201);
}

Result<ApiAnswer> describe(Change& change, const ApiRequest& request) {
  const std::string& code = in_path(request, "group_code");
  if (auto done = describe_global_group(change, code, text_in(body_of(request), "description")); !done)
    return done.error();
  return answer_with(change.registry(), code, 200);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  if (auto done = delete_global_group(change, in_path(request, "group_code")); !done) return done.error();
  return no_content();
}

Result<ApiAnswer> add_members(Change& change, const ApiRequest& request) {
  std::vector<ClientId> ids;
  const json::object body = request.body.empty() ? json::object() : body_of(request);
  if (const json::value* const items = body.if_contains("items"); items != nullptr && items->is_array())
    for (const json::value& each : items->get_array()) {
      if (!each.is_string()) continue;  // null, which stands for nothing
      auto id = decode_client_id(each.get_string(), "core.invalid_encoded_id");
      if (!id) return id.error();
      ids.push_back(*std::move(id));
    }
  auto added = add_global_group_members(change, in_path(request, "group_code"), ids);
  if (!added) return added.error();
  json::array out;
  for (const ClientId& each : *added) out.push_back(json::string(encoded_id(each)));
  return json_answer(json::object{{"items", std::move(out)}}, 201);
}

Result<ApiAnswer> remove_member(Change& change, const ApiRequest& request) {
  auto id = decode_client_id(in_path(request, "client_id"), "validation_failure");
  if (!id) return id.error();
  if (auto done = remove_global_group_member(change, in_path(request, "group_code"), *id); !done) return done.error();
  return no_content();
}

}  // namespace

void add_global_group_operations(OperationsOf& api) {
  api.look("findGlobalGroups", &list);
  api.look("getGlobalGroup", &get);
  api.alter("addGlobalGroup", &add);
  api.alter("updateGlobalGroupDescription", &describe);
  api.alter("deleteGlobalGroup", &remove);
  api.alter("addGlobalGroupMembers", &add_members);
  api.alter("deleteGlobalGroupMember", &remove_member);
}

}  // namespace causeway::centralserver
