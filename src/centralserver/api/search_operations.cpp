// SPDX-License-Identifier: MIT
#include <array>
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/paged.hpp"
#include "centralserver/api/server_json.hpp"
#include "centralserver/registry/client_search.hpp"
#include "centralserver/registry/group_member_search.hpp"
#include "centralserver/registry/server_search.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

std::vector<std::string> texts_in(const json::object& body, std::string_view name) {
  std::vector<std::string> out;
  const json::value* const found = body.if_contains(name);
  if (found == nullptr || !found->is_array()) return out;
  for (const json::value& each : found->get_array())
    if (each.is_string()) out.emplace_back(each.get_string());
  return out;
}

constexpr std::array kClientKeys{SortKey{"id", ClientOrder::number},
                                 SortKey{"member_name", ClientOrder::member_name},
                                 SortKey{"client_id.instance_id", ClientOrder::number},
                                 SortKey{"client_id.member_class", ClientOrder::member_class},
                                 SortKey{"client_id.member_code", ClientOrder::member_code},
                                 SortKey{"client_type", ClientOrder::type}};

Result<ClientSearch> client_search_asked(const ApiRequest& request) {
  ClientSearch search{.any = text_in_query(request, "q"),
                      .member_name = text_in_query(request, "name"),
                      .instance = text_in_query(request, "instance"),
                      .member_class = text_in_query(request, "member_class"),
                      .member_code = text_in_query(request, "member_code"),
                      .subsystem_code = text_in_query(request, "subsystem_code")};
  if (const std::string* const type = request.query.find("client_type")) search.subsystems = *type == "SUBSYSTEM";
  if (const std::string* const group = request.query.find("excluding_group")) search.excluding_group = *group;
  if (const std::string server = text_in_query(request, "security_server"); !server.empty()) {
    auto id = decode_server_id(server);
    if (!id) return id.error();
    search.server = *std::move(id);
  }
  return search;
}

Result<ApiAnswer> clients(const Registry& registry, const ApiRequest& request) {
  auto asked = page_asked(request);
  if (!asked) return asked.error();
  auto order = order_asked<ClientOrder>(*asked, kClientKeys, ClientOrder::number);
  if (!order) return order.error();
  auto search = client_search_asked(request);
  if (!search) return search.error();
  auto page = find_clients(registry, *search, *order, asked->paging);
  if (!page) return page.error();
  return paged_answer(*page, asked->paging, "clients", [](const FoundClient& each) {
    return client_json(each.id, each.member_name, each.subsystem_name);
  });
}

constexpr std::array kServerKeys{
    SortKey{"owner_name", ServerOrder::owner_name}, SortKey{"server_id.member_class", ServerOrder::owner_class},
    SortKey{"server_id.member_code", ServerOrder::owner_code}, SortKey{"server_id.server_code", ServerOrder::code}};

Result<ApiAnswer> servers(const Registry& registry, const ApiRequest& request) {
  auto asked = page_asked(request);
  if (!asked) return asked.error();
  auto order = order_asked<ServerOrder>(*asked, kServerKeys, ServerOrder::number);
  if (!order) return order.error();
  auto page = find_security_servers(registry, text_in_query(request, "q"), *order, asked->paging);
  if (!page) return page.error();
  return paged_answer(*page, asked->paging, "items",
                      [](const FoundServer& each) { return server_json(each.server, each.owner_name); });
}

constexpr std::array kMemberKeys{
    SortKey{"name", GroupMemberOrder::member_name},  SortKey{"type", GroupMemberOrder::type},
    SortKey{"instance", GroupMemberOrder::number},   SortKey{"class", GroupMemberOrder::member_class},
    SortKey{"code", GroupMemberOrder::member_code},  SortKey{"subsystem", GroupMemberOrder::subsystem_code},
    SortKey{"created_at", GroupMemberOrder::created}};

GroupMemberSearch member_search_asked(const json::object& body) {
  const auto types = texts_in(body, "types");
  const auto wanted = [&](std::string_view type) {
    return types.empty() || std::ranges::find(types, type) != types.end();
  };
  return {.any = text_in(body, "query"),
          .instance = text_in(body, "instance"),
          .member_class = text_in(body, "member_class"),
          .member_codes = texts_in(body, "codes"),
          .subsystem_codes = texts_in(body, "subsystems"),
          .members = wanted("MEMBER"),
          .subsystems = wanted("SUBSYSTEM")};
}

Result<ApiAnswer> group_members(const Registry& registry, const ApiRequest& request) {
  const json::object body = body_of(request);
  auto asked = page_asked(body.if_contains("paging_sorting"));
  if (!asked) return asked.error();
  auto order = order_asked<GroupMemberOrder>(*asked, kMemberKeys, GroupMemberOrder::number);
  if (!order) return order.error();
  auto page =
      find_group_members(registry, in_path(request, "group_code"), member_search_asked(body), *order, asked->paging);
  if (!page) return page.error();
  return paged_answer(*page, asked->paging, "items", [](const FoundGroupMember& each) {
    return json::object{{"id", each.number},
                        {"client_id", client_id_json(each.id)},
                        {"created_at", to_iso_millis(each.created)},
                        {"name", each.member_name}};
  });
}

Result<ApiAnswer> filter_model(const Registry& registry, const ApiRequest& request) {
  auto values = group_member_values(registry, in_path(request, "group_code"));
  if (!values) return values.error();
  const auto array = [](const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); };
  return json_answer(json::object{{"instances", array(values->instances)},
                                  {"member_classes", array(values->member_classes)},
                                  {"codes", array(values->member_codes)},
                                  {"subsystems", array(values->subsystem_codes)}});
}

}  // namespace

void add_search_operations(OperationsOf& api) {
  api.look("findClients", &clients);
  api.look("findSecurityServers", &servers);
  api.look("findGlobalGroupMembers", &group_members);
  api.look("getGroupMembersFilterModel", &filter_model);
}

}  // namespace causeway::centralserver
