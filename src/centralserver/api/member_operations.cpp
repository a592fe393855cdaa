// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_json.hpp"
#include "centralserver/api/unregistering.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

Result<ApiAnswer> answer_with(const Registry& registry, const ClientId& id, int status = 200) {
  auto out = client_json(registry, id);
  if (!out) return out.error();
  return json_answer(*out, status);
}

Result<ClientId> asked_for(const ApiRequest& request) {
  return decode_client_id(in_path(request, "member_id"), "invalid_member_id");
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  const json::object body = body_of(request);
  auto id = new_client_id(change.registry(), body.at("member_id").as_object());
  if (!id) return id.error();
  if (auto done = add_member(change, *id, text_in(body, "member_name")); !done) return done.error();
  return answer_with(change.registry(), *id, 201);
}

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto found = member(registry, *id);
  if (!found) return found.error();
  return answer_with(registry, found->id);
}

Result<ApiAnswer> rename(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (auto done = rename_member(change, *id, text_in(body_of(request), "member_name")); !done) return done.error();
  return answer_with(change.registry(), *id);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (auto done = delete_member(change, *id); !done) return done.error();
  return no_content();
}

Result<json::object> subsystem_json(const Registry& registry, const RegisteredSubsystem& subsystem) {
  auto servers = servers_with_client(registry, subsystem.id);
  if (!servers) return servers.error();
  json::array used;
  for (const ServerId& each : *servers) {
    auto owner = member(registry, each.owner());
    if (!owner) return owner.error();
    used.push_back({{"server_code", each.code()},
                    {"server_owner", owner->name},
                    {"status", "APPROVED"},
                    {"encoded_id", encoded_id(each)}});
  }
  json::object out{{"subsystem_id", client_id_json(subsystem.id)}, {"used_security_servers", std::move(used)}};
  if (!subsystem.name.empty()) out["subsystem_name"] = subsystem.name;
  return out;
}

Result<ApiAnswer> list_subsystems(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto all = subsystems(registry, *id);
  if (!all) return all.error();
  json::array out;
  for (const RegisteredSubsystem& each : *all) {
    auto one = subsystem_json(registry, each);
    if (!one) return one.error();
    out.push_back(*std::move(one));
  }
  return json_answer(out);
}

// Of a member that is not there X-Road lists nothing.
Result<ApiAnswer> list_servers(const Registry& registry, const std::vector<RegisteredServer>& servers) {
  json::array out;
  for (const RegisteredServer& each : servers) {
    auto one = server_json(registry, each);
    if (!one) return one.error();
    out.push_back(*std::move(one));
  }
  return json_answer(out);
}

bool is_not_there(const Fault& why) { return why.code == to_string(RegistryFault::member_not_found); }

Result<ApiAnswer> list_owned_servers(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto servers = security_servers_of(registry, *id);
  if (!servers && !is_not_there(servers.error())) return servers.error();
  return list_servers(registry, servers ? *servers : std::vector<RegisteredServer>());
}

Result<ApiAnswer> list_used_servers(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto ids = servers_with_client(registry, *id);
  if (!ids && !is_not_there(ids.error())) return ids.error();
  std::vector<RegisteredServer> servers;
  for (const ServerId& each : ids ? *ids : std::vector<ServerId>()) {
    auto one = security_server(registry, each);
    if (!one) return one.error();
    servers.push_back(*std::move(one));
  }
  return list_servers(registry, servers);
}

Result<ApiAnswer> list_groups(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto memberships = group_memberships(registry, *id);
  if (!memberships) return memberships.error();
  json::array out;
  for (const GroupMembership& each : *memberships) {
    json::object one{{"group_code", each.group}, {"added_to_group", to_iso_millis(each.added)}};
    if (!each.subsystem_code.empty()) one["subsystem"] = each.subsystem_code;
    out.push_back(std::move(one));
  }
  return json_answer(out);
}

Result<ApiAnswer> unregister(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (id->is_subsystem()) return fault(RegistryFault::invalid_member_id, id->to_string() + " is not a member");
  return unregister_from_server(change, request, *id);
}

}  // namespace

void add_member_operations(OperationsOf& api) {
  api.alter("addMember", &add);
  api.look("getMember", &get);
  api.alter("updateMemberName", &rename);
  api.alter("deleteMember", &remove);
  api.look("getSubsystems", &list_subsystems);
  api.look("getOwnedServers", &list_owned_servers);
  api.look("getUsedServers", &list_used_servers);
  api.look("getMemberGlobalGroups", &list_groups);
  api.alter("unregisterMember", &unregister);
}

}  // namespace causeway::centralserver
