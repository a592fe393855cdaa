// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "country/api_answer.hpp"
#include "country/plan_draft.hpp"

namespace causeway::country {
namespace {

namespace json = boost::json;

constexpr std::size_t kMembersOfCall = 20000;  // octets: bodies of more than 50 KB are refused

class ClientPlanner {
 public:
  ClientPlanner(PlanDraft& draft, const Country& wanted, const ServerState& state)
      : draft_(draft), wanted_(wanted), state_(state), there_(state.country) {}

  void plan() {
    if (wanted_.central_server_address) plan_address(*wanted_.central_server_address);
    if (wanted_.member_classes) plan_classes();
    if (wanted_.members) plan_members();
    if (wanted_.global_groups) plan_groups();
    if (wanted_.management_service_provider) plan_provider(*wanted_.management_service_provider);
    if (wanted_.members) find_surplus_members();
    if (wanted_.member_classes) find_surplus_classes();
  }

 private:
  void plan_address(const std::string& address) {
    const std::string before = there_.central_server_address.value_or("");
    if (address == before) return;
    draft_.step({.action = Action::change,
                 .kind = "Central Server address",
                 .subject = address,
                 .detail = "before: \"" + before + "\"; servers need the new anchors",
                 .call = json_call("PUT", "/system/server-address", {{"central_server_address", address}})});
  }

  void plan_classes() {
    for (const auto& [code, description] : *wanted_.member_classes) {
      const auto found = there_.member_classes->find(code);
      if (found == there_.member_classes->end())
        draft_.step({.action = Action::add,
                     .kind = "member class",
                     .subject = code,
                     .detail = description,
                     .call = json_call("POST", "/member-classes", {{"code", code}, {"description", description}})});
      else if (found->second != description)
        draft_.step({.action = Action::change,
                     .kind = "member class",
                     .subject = code,
                     .detail = changed("description", found->second, description),
                     .call = json_call("PATCH", "/member-classes/" + in_path(code), {{"description", description}})});
    }
  }

  void plan_members() {
    for (const auto& [id, member] : *wanted_.members) {
      const auto found = there_.members->find(id);
      const Member* const before = found == there_.members->end() ? nullptr : &found->second;
      if (before == nullptr)
        add_member(id, member.name);
      else if (before->name != member.name)
        draft_.step({.action = Action::change,
                     .kind = "member",
                     .subject = short_id(id),
                     .detail = changed("name", before->name, member.name),
                     .call = json_call("PATCH", "/members/" + in_path(id), {{"member_name", member.name}})});
      for (const auto& [code, name] : member.subsystems) plan_subsystem(id, code, name, before);
    }
  }

  void add_member(const ClientId& id, const std::string& name) {
    const json::object body{{"member_name", name},
                            {"member_id", {{"member_class", id.member_class()}, {"member_code", id.member_code()}}}};
    draft_.step({.action = Action::add,
                 .kind = "member",
                 .subject = short_id(id),
                 .detail = name,
                 .call = json_call("POST", "/members", body)});
  }

  static ClientId subsystem_of(const ClientId& member, const std::string& code) {
    return *ClientId::make(member.instance(), member.member_class(), member.member_code(), code);
  }

  void plan_subsystem(const ClientId& member, const std::string& code, const std::string& name, const Member* before) {
    const ClientId id = subsystem_of(member, code);
    const auto found =
        before == nullptr ? std::map<std::string, std::string>::const_iterator() : before->subsystems.find(code);
    if (before == nullptr || found == before->subsystems.end()) {
      json::object body{
          {"subsystem_id",
           {{"member_class", member.member_class()}, {"member_code", member.member_code()}, {"subsystem_code", code}}}};
      if (!name.empty()) body["subsystem_name"] = name;
      draft_.step({.action = Action::add,
                   .kind = "subsystem",
                   .subject = short_id(id),
                   .detail = name,
                   .call = json_call("POST", "/subsystems", body)});
    } else if (found->second != name) {
      draft_.step({.action = Action::change,
                   .kind = "subsystem",
                   .subject = short_id(id),
                   .detail = changed("name", found->second, name),
                   .call = json_call("PATCH", "/subsystems/" + in_path(id), {{"subsystem_name", name}})});
    }
  }

  void plan_groups() {
    if (wanted_.global_groups->contains(state_.owners_group))
      throw NotPlannable{{"malformed_country",
                          fmt::format("who is in the global group {} follows from the Security Servers; remove it "
                                      "from the file",
                                      state_.owners_group)}};
    for (const auto& [code, group] : *wanted_.global_groups) {
      const auto found = there_.global_groups->find(code);
      const bool is_new = found == there_.global_groups->end();
      if (is_new)
        draft_.step(
            {.action = Action::add,
             .kind = "global group",
             .subject = code,
             .detail = group.description,
             .call = json_call("POST", "/global-groups", {{"code", code}, {"description", group.description}})});
      else if (found->second.description != group.description)
        draft_.step(
            {.action = Action::change,
             .kind = "global group",
             .subject = code,
             .detail = changed("description", found->second.description, group.description),
             .call = json_call("PATCH", "/global-groups/" + in_path(code), {{"description", group.description}})});
      const std::set<ClientId> nobody;
      plan_group_members(code, group.members, is_new ? nobody : found->second.members);
    }
    for (const auto& [code, group] : *there_.global_groups)
      if (!wanted_.global_groups->contains(code))
        draft_.surplus(Removal::group, "global group", code, "/global-groups/" + in_path(code));
  }

  void plan_group_members(const std::string& code, const std::set<ClientId>& wanted, const std::set<ClientId>& there) {
    const std::string path = "/global-groups/" + in_path(code) + "/members/";
    json::array ids;
    std::string detail;
    std::size_t octets = 0;
    const auto flush = [&] {
      if (ids.empty()) return;
      draft_.step({.action = Action::add,
                   .kind = "members of global group",
                   .subject = code,
                   .detail = std::move(detail),
                   .call = json_call("POST", path + "add", {{"items", std::move(ids)}})});
      ids = {};
      detail.clear();
      octets = 0;
    };
    for (const ClientId& each : wanted) {
      if (there.contains(each)) continue;
      const std::string id = api_id(each);
      ids.emplace_back(id);
      detail += (detail.empty() ? "" : ", ") + short_id(each);
      if (octets += id.size(); octets > kMembersOfCall) flush();
    }
    flush();
    for (const ClientId& each : there)
      if (!wanted.contains(each))
        draft_.surplus(Removal::group_member, "member of global group " + code, short_id(each), path + in_path(each));
  }

  void plan_provider(const ClientId& provider) {
    const auto& before = there_.management_service_provider;
    if (before == provider) return;
    draft_.step({.action = Action::change,
                 .kind = "management service provider",
                 .subject = short_id(provider),
                 .detail = before ? "before: " + short_id(*before) : "",
                 .call = json_call("PATCH", "/management-services-configuration",
                                   {{"service_provider_id", api_id(provider)}})});
  }

  // Why a subsystem that the file does not have cannot go.
  std::string reason_to_stay(const ClientId& subsystem) const {
    if (state_.registered_subsystems.contains(subsystem))
      return "is a client of a Security Server; it can be deleted when it is no longer";
    const bool is_provider = there_.management_service_provider == subsystem &&
                             wanted_.management_service_provider.value_or(subsystem) == subsystem;
    return is_provider ? "provides the management services; name another provider first" : "";
  }

  std::string servers_of(const ClientId& member) const {
    std::string codes;
    for (const RegisteredServer& each : state_.servers)
      if (each.id.owner() == member) codes += (codes.empty() ? "" : ", ") + each.id.code();
    return codes;
  }

  void find_surplus_members() {
    for (const auto& [id, there] : *there_.members) {
      const auto wanted = wanted_.members->find(id);
      const bool member_is_wanted = wanted != wanted_.members->end();
      bool something_stays = member_is_wanted;
      for (const auto& [code, name] : there.subsystems) {
        if (member_is_wanted && wanted->second.subsystems.contains(code)) continue;
        const ClientId subsystem = subsystem_of(id, code);
        const std::string reason = reason_to_stay(subsystem);
        if (!reason.empty()) draft_.keep({"subsystem", short_id(subsystem), reason});
        if (!reason.empty() ||
            !draft_.surplus(Removal::subsystem, "subsystem", short_id(subsystem), "/subsystems/" + in_path(subsystem)))
          something_stays = true;
      }
      if (!member_is_wanted && !find_surplus_member(id, something_stays)) something_stays = true;
      if (something_stays) classes_in_use_.insert(id.member_class());
    }
  }

  // True when it will be deleted.
  bool find_surplus_member(const ClientId& id, bool has_subsystems_that_stay) {
    if (const std::string servers = servers_of(id); !servers.empty()) {
      draft_.keep({"member", short_id(id),
                   "owns the Security Server " + servers +
                       ", which would go with it; delete the server first, if that is meant"});
      return false;
    }
    if (has_subsystems_that_stay && draft_.deleting()) {
      draft_.keep({"member", short_id(id), "has a subsystem that stays"});
      return false;
    }
    return draft_.surplus(Removal::member, "member", short_id(id), "/members/" + in_path(id));
  }

  void find_surplus_classes() {
    for (const auto& [code, description] : *there_.member_classes) {
      if (wanted_.member_classes->contains(code)) continue;
      if (draft_.deleting() && classes_in_use_.contains(code))
        draft_.keep({"member class", code, "has members that stay"});
      else
        draft_.surplus(Removal::member_class, "member class", code, "/member-classes/" + in_path(code));
    }
  }

  PlanDraft& draft_;
  const Country& wanted_;
  const ServerState& state_;
  const Country& there_;
  std::set<std::string> classes_in_use_;
};

}  // namespace

void plan_clients(PlanDraft& draft, const Country& wanted, const ServerState& state) {
  ClientPlanner(draft, wanted, state).plan();
}

}  // namespace causeway::country
