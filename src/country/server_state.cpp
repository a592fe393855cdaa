// SPDX-License-Identifier: MIT
#include "country/server_state.hpp"

#include <fmt/format.h>

#include "country/api_answer.hpp"
#include "country/trust_state.hpp"
#include "globalconf/optional_parts.hpp"

namespace causeway::country {
namespace {

namespace json = boost::json;

class StateReader {
 public:
  StateReader(AdminApi& api, ServerState& state) : api_(api), state_(state) {}

  void read(const Country& wanted) {
    read_itself();
    Country& country = state_.country;
    if (wanted.member_classes) read_classes(country.member_classes.emplace());
    if (wanted.members) read_members(country.members.emplace());
    if (wanted.global_groups || wanted.management_service_provider) read_management_service();
    if (wanted.global_groups) read_groups(country.global_groups.emplace());
    if (wanted.members) read_servers();
    read_trust(api_, wanted, country);
  }

 private:
  void read_itself() {
    const json::value status = get_json(api_, "/initialization/status");
    state_.country.instance = text_at(status.as_object(), "instance_identifier");
    state_.country.central_server_address = text_or_none(status.as_object(), "central_server_address");
    if (state_.country.instance.empty())
      throw ApiFailed{{"not_initialised", "the Central Server has no instance yet; initialise it first"}};
  }

  void read_classes(std::map<std::string, std::string>& classes) {
    const json::value answer = get_json(api_, "/member-classes");
    for (const json::value& each : answer.as_array())
      classes.emplace(text_at(each.as_object(), "code"), text_at(each.as_object(), "description"));
  }

  void read_members(std::map<ClientId, Member>& members) {
    // X-Road's list does not tell the names of subsystems; one that tells some tells all that there are.
    bool tells_names = false;
    const auto page = [](std::size_t limit, std::size_t number) {
      return ApiCall{.path = fmt::format("/clients?sort=id&limit={}&offset={}", limit, number)};
    };
    for_each_row(api_, page, "clients", [&](const json::object& row) {
      const ClientId id = client_id_at(row, "client_id");
      Member& member = members[id.member()];
      if (!id.is_subsystem()) {
        member.name = text_at(row, "member_name");
        return;
      }
      std::string& name = member.subsystems[id.subsystem()];
      name = text_or_none(row, "subsystem_name");
      tells_names = tells_names || !name.empty();
    });
    for (const auto& [id, member] : members)
      if (member.name.empty())
        throw ApiFailed{{"malformed_answer", "subsystems of " + short_id(id) + " are listed, but not the member; " +
                                                 "somebody may be changing it: ask again"}};
    for (auto& [id, member] : members)
      if (!tells_names && !member.subsystems.empty()) read_subsystems(id, member);
  }

  void read_subsystems(const ClientId& id, Member& member) {
    const json::value answer = get_json(api_, "/members/" + in_path(id) + "/subsystems");
    for (const json::value& each : answer.as_array()) {
      const ClientId subsystem = client_id_at(each.as_object(), "subsystem_id");
      member.subsystems[subsystem.subsystem()] = text_or_none(each.as_object(), "subsystem_name");
    }
  }

  void read_management_service() {
    const json::value answer = get_json(api_, "/management-services-configuration");
    const json::object& service = answer.as_object();
    state_.owners_group = text_or_none(service, "security_server_owners_global_group_code");
    std::string provider = text_or_none(service, "service_provider_id");
    if (provider.empty()) return;
    // "SUBSYSTEM:EX:GOV:1234:management"; here, and only here, with its type.
    std::vector<std::string> parts(1);
    for (const char c : provider)
      if (c == ':')
        parts.emplace_back();
      else
        parts.back() += c;
    if (parts.size() == 5) {
      auto id = ClientId::make(parts[1], parts[2], parts[3], parts[4]);
      if (id) state_.country.management_service_provider = *std::move(id);
    }
  }

  void read_groups(std::map<std::string, GlobalGroup>& groups) {
    const json::value answer = get_json(api_, "/global-groups");
    for (const json::value& each : answer.as_array()) {
      const std::string code = text_at(each.as_object(), "code");
      if (code == state_.owners_group) continue;
      GlobalGroup& group = groups[code];
      group.description = text_at(each.as_object(), "description");
      const json::value* const count = each.as_object().if_contains("member_count");
      if (count == nullptr || count->to_number<std::int64_t>() != 0) read_group_members(code, group.members);
    }
  }

  void read_group_members(const std::string& code, std::set<ClientId>& members) {
    const auto page = [&](std::size_t limit, std::size_t number) {
      const json::object body{{"paging_sorting", {{"sort", "created_at"}, {"limit", limit}, {"offset", number}}}};
      return ApiCall{.method = "POST",
                     .path = "/global-groups/" + in_path(code) + "/members",
                     .content_type = "application/json",
                     .body = json::serialize(body)};
    };
    for_each_row(api_, page, "items", [&](const json::object& row) { members.insert(client_id_at(row, "client_id")); });
  }

  void read_servers() {
    const auto page = [](std::size_t limit, std::size_t number) {
      return ApiCall{.path =
                         fmt::format("/security-servers?sort=server_id.server_code&limit={}&offset={}", limit, number)};
    };
    for_each_row(api_, page, "items", [&](const json::object& row) {
      const json::object& named = row.at("server_id").as_object();
      auto id = ServerId::make(text_at(named, "instance_id"), text_at(named, "member_class"),
                               text_at(named, "member_code"), text_at(named, "server_code"));
      if (!id) throw ApiFailed{{"malformed_answer", id.error().text}};
      state_.servers.push_back({*std::move(id), text_or_none(row, "server_address")});
    });
  }

  AdminApi& api_;
  ServerState& state_;
};

// With every section, for a reader that reads what is wanted.
Country every_section() {
  Country all;
  all.member_classes.emplace();
  all.members.emplace();
  all.global_groups.emplace();
  all.certification_services.emplace();
  all.timestamping_services.emplace();
  all.trusted_anchors.emplace();
  // Those of X-Road, which a server without signing keys does not list.
  auto& parts = all.configuration_parts.emplace();
  for (const std::string_view each :
       {globalconf::kMonitoringId, globalconf::kFetchIntervalId, globalconf::kNextUpdateId})
    parts.emplace(each, "");
  return all;
}

}  // namespace

Result<ServerState> read_state(AdminApi& api, const Country& wanted) {
  ServerState state;
  auto read = reading_answers([&] { StateReader(api, state).read(wanted); });
  if (!read) return read.error();
  return state;
}

Result<WholeState> read_whole_state(AdminApi& api) {
  WholeState whole;
  auto read = reading_answers([&] {
    StateReader(api, whole.state).read(every_section());
    whole.missing = add_octets(api, whole.state.country);
  });
  if (!read) return read.error();
  return whole;
}

Result<void> read_registrations(AdminApi& api, ServerState& state, const std::set<ClientId>& members) {
  return reading_answers([&] {
    for (const ClientId& member : members) {
      const json::value answer = get_json(api, "/members/" + in_path(member) + "/subsystems");
      for (const json::value& each : answer.as_array())
        if (!each.at("used_security_servers").as_array().empty())
          state.registered_subsystems.insert(client_id_at(each.as_object(), "subsystem_id"));
    }
  });
}

}  // namespace causeway::country
