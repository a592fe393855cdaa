// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/scenario.hpp"

#include <chrono>

#include "ecosystem/scenario/calls.hpp"
#include "ecosystem/scenario/containers.hpp"
#include "ecosystem/scenario/evidence.hpp"
#include "ecosystem/scenario/refusals.hpp"

namespace causeway::ecosystem {
namespace {

using Step = std::function<StepOutcome(Kit&)>;

struct NamedStep {
  std::string name;
  Step run;
};

using CallStep = StepOutcome (*)(Kit&, const PlannedInstance&, const PlannedInstance&);

class Steps {
 public:
  void add(std::string name, CallStep step, const PlannedInstance& from, const PlannedInstance& to) {
    list_.push_back({from.id + (&from == &to ? ": " : " to " + to.id + ": ") + std::move(name),
                     [step, &from, &to](Kit& kit) { return step(kit, from, to); }});
  }
  void add(std::string name, Step step) { list_.push_back({std::move(name), std::move(step)}); }
  const std::vector<NamedStep>& list() const { return list_; }

 private:
  std::vector<NamedStep> list_;
};

void add_calls(Steps& steps, const PlannedInstance& from, const PlannedInstance& to) {
  steps.add("REST GET", rest_get, from, to);
  steps.add("REST POST", rest_post, from, to);
  steps.add("REST over HTTPS with a client certificate", rest_over_tls, from, to);
  steps.add("SOAP", soap_plain, from, to);
  steps.add("SOAP with attachments", soap_attachments, from, to);
}

void add_metadata(Steps& steps, const PlannedInstance& from, const PlannedInstance& to) {
  steps.add(from.id + ": listClients", [&from](Kit& kit) { return list_clients(kit, from); });
  steps.add("REST metadata services", rest_metadata, from, to);
  steps.add("SOAP metadata services", soap_metadata, from, to);
}

void add_refusals(Steps& steps, const PlannedInstance& from, const PlannedInstance& to) {
  steps.add("refused: no right", no_right, from, to);
  if (&from != &to) steps.add("refused: no right on the endpoint", no_right_on_endpoint, from, to);
  steps.add("refused: service disabled, with its notice", disabled_service, from, to);
  steps.add("refused: unknown service", unknown_service, from, to);
  steps.add("refused: unregistered client", unregistered_client, from, to);
  steps.add("refused: no client certificate", no_client_certificate, from, to);
  steps.add("refused: tampered message", tampered_message, from, to);
  steps.add("refused: revoked certificate", revoked_certificate, from, to);
}

Steps steps_of(const Plan& plan) {
  Steps steps;
  const PlannedInstance& first = plan.instances.front();
  const PlannedInstance& partner = plan.partner_of(first);
  add_calls(steps, first, first);
  if (&first != &partner) {
    add_calls(steps, first, partner);
    steps.add("REST GET", rest_get, partner, first);
    steps.add("REST POST", rest_post, partner, first);
    steps.add("SOAP", soap_plain, partner, first);
  }
  steps.add("200 MB from a service", large_download, first, partner);
  steps.add("200 MB to a service", large_upload, first, partner);
  add_metadata(steps, first, partner);
  add_refusals(steps, first, partner);
  steps.add("all answered calls are in the logs of both servers", logged_on_both_sides);
  steps.add("all records of these calls are time-stamped", time_stamped_on_both_sides);
  steps.add("containers of these calls from both servers are good", containers_are_good);
  steps.add("an octet changed in any part of them is noticed", changed_containers_are_refused);
  return steps;
}

}  // namespace

std::vector<StepReport> run_scenario(const Plan& plan, const Ports& ports, const Layout& layout,
                                     const std::function<void(const StepReport&)>& tell) {
  Kit kit(plan, ports, layout);
  std::vector<StepReport> reports;
  const Steps steps = steps_of(plan);
  for (const NamedStep& step : steps.list()) {
    const auto start = std::chrono::steady_clock::now();
    const StepOutcome outcome = step.run(kit);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    reports.push_back({step.name, outcome.ok(), took.count(),
                       outcome ? *outcome : outcome.error().code + ": " + outcome.error().text});
    tell(reports.back());
  }
  return reports;
}

}  // namespace causeway::ecosystem
