// SPDX-License-Identifier: MIT
#include "cli/country_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/status_json.hpp"
#include "cli/verification_output.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;
using country::Action;

char sign_of(Action action) {
  switch (action) {
    case Action::add:
      return '+';
    case Action::change:
      return '~';
    case Action::remove:
      break;
  }
  return '-';
}

json::object to_json(const country::Plan& plan) {
  json::array steps, kept;
  for (const country::Step& each : plan.steps)
    steps.push_back(
        {{"action", to_string(each.action)}, {"kind", each.kind}, {"subject", each.subject}, {"detail", each.detail}});
  for (const country::Kept& each : plan.kept)
    kept.push_back({{"kind", each.kind}, {"subject", each.subject}, {"reason", each.reason}});
  return {{"steps", std::move(steps)}, {"kept", std::move(kept)}};
}

}  // namespace

std::string step_text(const country::Step& step) {
  return fmt::format("{} {} {}{}", sign_of(step.action), step.kind, printable(step.subject),
                     step.detail.empty() ? "" : ": " + printable(step.detail));
}

void print_plan(const country::Plan& plan) {
  for (const country::Step& each : plan.steps) fmt::print("{}\n", step_text(each));
  for (const country::Kept& each : plan.kept)
    fmt::print("= {} {} {}\n", each.kind, printable(each.subject), each.reason);
  const auto count = [&](Action action) { return std::ranges::count(plan.steps, action, &country::Step::action); };
  if (plan.steps.empty()) fmt::print("Nothing to do");
  if (!plan.steps.empty())
    fmt::print("{} to add, {} to change, {} to delete", count(Action::add), count(Action::change),
               count(Action::remove));
  fmt::print("{}\n", kept_text(plan));
}

std::string kept_text(const country::Plan& plan) {
  return plan.kept.empty() ? "." : fmt::format("; {} that the file does not have stay.", plan.kept.size());
}

std::string plan_json(const country::Plan& plan) { return json::serialize(to_json(plan)); }

std::string applied_json(const country::Plan& plan, const country::Applied& applied) {
  json::object out = to_json(plan);
  out["done"] = applied.done;
  out["fault"] = status_json::from(applied.fault);
  return json::serialize(out);
}

}  // namespace causeway::cli
