// SPDX-License-Identifier: MIT
// A plan in the making. For this library only.
#pragma once

#include <array>

#include "country/plan.hpp"

namespace causeway::country {

// Deletions are done in this order.
enum class Removal {
  anchor,
  timestamping,
  responder,
  intermediate,
  service,
  group_member,
  group,
  subsystem,
  member,
  member_class
};
inline constexpr std::size_t kRemovals = static_cast<std::size_t>(Removal::member_class) + 1;

// Carries the one complaint out of the nested comparing; make_plan() lets it no further.
struct NotPlannable {
  Fault fault;
};

class PlanDraft {
 public:
  explicit PlanDraft(bool deleting) : deleting_(deleting) {}

  bool deleting() const { return deleting_; }
  void step(Step step) { plan_.steps.push_back(std::move(step)); }
  void keep(Kept kept) { plan_.kept.push_back(std::move(kept)); }
  // What the file does not have: deleted by this call, if that is wanted. True when it will be.
  bool surplus(Removal kind_of, std::string kind, std::string subject, std::string path);

  Plan finish() &&;

 private:
  const bool deleting_;
  Plan plan_;
  std::array<std::vector<Step>, kRemovals> removals_;
};

// The address, member classes, members with their subsystems, global groups, and who provides the
// management services.
void plan_clients(PlanDraft& draft, const Country& wanted, const ServerState& state);
// Certification and time-stamping services, anchors, and parts of the configuration.
void plan_trust(PlanDraft& draft, const Country& wanted, const Country& there);

}  // namespace causeway::country
