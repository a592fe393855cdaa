// SPDX-License-Identifier: MIT
#include "centralserver/registry/group_member_search.hpp"

#include "base/utf8.hpp"
#include "centralserver/registry/conditions.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

constexpr const char* kEntries = "global_group JOIN global_group_member entry ON entry.group_id = global_group.id";
constexpr const char* kSearched = " JOIN client_search search ON search.client_id = entry.client_id";
constexpr const char* kClients =
    " JOIN client ON client.id = entry.client_id JOIN member_class ON member_class.id = client.member_class_id";

// Only what is asked: a group may have a hundred thousand members.
std::string tables_of(const GroupMemberSearch& search, bool in_order) {
  std::string tables = kEntries;
  if (in_order || !Conditions::is_blank(search.any) || !search.members || !search.subsystems) tables += kSearched;
  if (!Conditions::is_blank(search.member_class) || !search.member_codes.empty() || !search.subsystem_codes.empty())
    tables += kClients;
  return tables;
}

// What there is of "EX" or "subsystem" in the text is the same for all, or for half of them.
void look_for(Conditions& conditions, std::string_view text, const std::string& instance) {
  const bool all_members = Conditions::is_in(text, "member"), all_subsystems = Conditions::is_in(text, "subsystem");
  if (Conditions::is_in(text, lower_case(instance)) || (all_members && all_subsystems)) return;
  conditions.contains({"search.text"}, text,
                      all_members      ? "search.is_member = 1"
                      : all_subsystems ? "search.is_member = 0"
                                       : "");
}

Conditions conditions_of(store::Engine engine, const std::string& group, const GroupMemberSearch& search,
                         const std::string& instance) {
  Conditions conditions(engine);
  conditions.add("global_group.code = $", group);
  look_for(conditions, search.any, instance);
  if (!Conditions::is_blank(search.instance) && search.instance != instance) conditions.none();
  if (!Conditions::is_blank(search.member_class)) conditions.add("member_class.code = $", search.member_class);
  conditions.any_of("client.member_code", search.member_codes);
  conditions.any_of("client.subsystem_code", search.subsystem_codes);
  if (!search.members) conditions.add("search.is_member = 0");
  if (!search.subsystems) conditions.add("search.is_member = 1");
  return conditions;
}

std::string order_of(GroupMemberOrder order, bool descending) {
  const std::string direction = descending ? " DESC" : "";
  const auto column = [&]() -> std::string {
    switch (order) {
      case GroupMemberOrder::member_name:
        return "search.name";
      case GroupMemberOrder::type:
        return "1 - search.is_member";
      case GroupMemberOrder::member_class:
        return "search.class";
      case GroupMemberOrder::member_code:
        return "search.code";
      case GroupMemberOrder::subsystem_code:
        // Members, which have none, come behind, as in X-Road.
        return "search.is_member" + direction + ", search.subsystem";
      case GroupMemberOrder::created:
        return "entry.created";
      case GroupMemberOrder::number:
        break;
    }
    return "entry.id";
  };
  return " ORDER BY " + column() + direction + ", entry.id" + direction;
}

}  // namespace

Result<Page<FoundGroupMember>> find_group_members(const Registry& registry, const std::string& group,
                                                  const GroupMemberSearch& search, GroupMemberOrder order,
                                                  const Paging& paging) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  const Conditions conditions = conditions_of(registry.database().engine(), group, search, *instance);
  auto total = count_of(registry.database(), tables_of(search, false), conditions);
  if (!total) return total.error();
  if (paging.rows_before() >= *total) return Page<FoundGroupMember>{{}, *total};
  const auto read = [&](const store::Statement& row) -> Result<FoundGroupMember> {
    auto id = ClientId::make(*instance, std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)));
    if (!id) return id.error();
    return FoundGroupMember{row.integer(0), *std::move(id), std::string(row.text(4)), from_unix_millis(row.integer(5))};
  };
  const std::string order_by = order_of(order, paging.descending);
  auto rows = read_bound_rows(registry.database(),
                              "SELECT entry.id, member_class.code, client.member_code, client.subsystem_code,"
                              " COALESCE(owner.name, client.name), entry.created FROM (SELECT entry.id FROM " +
                                  tables_of(search, true) + conditions.where() + order_by + conditions.limit() +
                                  ") page JOIN global_group_member entry ON entry.id = page.id" + kSearched + kClients +
                                  " LEFT JOIN client owner ON owner.id = client.member_id" + order_by,
                              read, conditions.paged_values(paging));
  if (!rows) return rows.error();
  return Page<FoundGroupMember>{*std::move(rows), *total};
}

Result<GroupMemberValues> group_member_values(const Registry& registry, const std::string& group) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  Conditions of_group(registry.database().engine());
  of_group.add("global_group.code = $", group);
  const auto values = [&](const std::string& column) {
    return read_bound_rows(
        registry.database(),
        "SELECT DISTINCT " + column + " FROM " + kEntries + kClients + of_group.where() + " ORDER BY 1", read_text,
        of_group.values());
  };
  auto classes = values("member_class.code"), codes = values("client.member_code"),
       subsystems = values("client.subsystem_code");
  for (const auto* const each : {&classes, &codes, &subsystems})
    if (!*each) return each->error();
  std::erase(*subsystems, "");
  GroupMemberValues out{{}, *std::move(classes), *std::move(codes), *std::move(subsystems)};
  if (!out.member_codes.empty()) out.instances.push_back(*instance);
  return out;
}

}  // namespace causeway::centralserver
