// SPDX-License-Identifier: MIT
#include "country/plan.hpp"

#include <fmt/format.h>

#include "country/plan_draft.hpp"

namespace causeway::country {

bool PlanDraft::surplus(Removal kind_of, std::string kind, std::string subject, std::string path) {
  if (!deleting_) {
    keep({std::move(kind), std::move(subject), "is not in the file; --delete deletes it"});
    return false;
  }
  removals_[static_cast<std::size_t>(kind_of)].push_back({.action = Action::remove,
                                                          .kind = std::move(kind),
                                                          .subject = std::move(subject),
                                                          .call = {.method = "DELETE", .path = std::move(path)}});
  return true;
}

Plan PlanDraft::finish() && {
  for (std::vector<Step>& removals : removals_)
    for (Step& each : removals) plan_.steps.push_back(std::move(each));
  return std::move(plan_);
}

Result<Plan> make_plan(const Country& wanted, const ServerState& state, bool deleting) {
  if (wanted.instance != state.country.instance)
    return Fault{"wrong_instance", fmt::format("the file is about the instance {}, the server is that of {}",
                                               wanted.instance, state.country.instance)};
  PlanDraft draft(deleting);
  try {
    plan_clients(draft, wanted, state);
    plan_trust(draft, wanted, state.country);
  } catch (const NotPlannable& why) {
    return why.fault;
  }
  return std::move(draft).finish();
}

Result<Plan> plan_for(AdminApi& api, const Country& wanted, bool deleting) {
  auto state = read_state(api, wanted);
  if (!state) return state.error();
  if (deleting && wanted.members) {
    std::set<ClientId> with_surplus;
    for (const auto& [id, there] : *state->country.members) {
      const auto member = wanted.members->find(id);
      for (const auto& [code, name] : there.subsystems)
        if (member == wanted.members->end() || !member->second.subsystems.contains(code)) with_surplus.insert(id);
    }
    if (auto read = read_registrations(api, *state, with_surplus); !read) return read.error();
  }
  return make_plan(wanted, *state, deleting);
}

}  // namespace causeway::country
