// SPDX-License-Identifier: MIT
#include "country/apply.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

namespace causeway::country {
namespace {

namespace json = boost::json;

constexpr std::string_view kNumber = "{number}";

// What the server calls that which a step added.
Result<std::string> number_in(const std::string& answer) {
  boost::system::error_code failed;
  const json::value body = json::parse(answer, failed);
  const json::value* const id = failed || !body.is_object() ? nullptr : body.get_object().if_contains("id");
  if (id == nullptr || !id->is_int64())
    return Fault{"malformed_answer", "the server did not say the id of what was added"};
  return std::to_string(id->get_int64());
}

}  // namespace

Applied apply_plan(AdminApi& api, const Plan& plan, const std::function<void(const Step&)>& doing) {
  Applied applied;
  std::map<std::string, std::string> numbers;
  const auto carry_out = [&](const Step& step) -> Result<void> {
    ApiCall call = step.call;
    if (const auto place = call.path.find(kNumber); !step.needs.empty() && place != std::string::npos)
      call.path.replace(place, kNumber.size(), numbers.at(step.needs));
    auto answer = ask(api, call);
    if (!answer) return answer.error();
    if (step.gives.empty()) return {};
    auto number = number_in(*answer);
    if (!number) return number.error();
    numbers[step.gives] = *std::move(number);
    return {};
  };
  for (const Step& step : plan.steps) {
    doing(step);
    if (auto done = carry_out(step); !done) {
      applied.fault =
          done.error().while_doing(fmt::format("{} {} {}", to_string(step.action), step.kind, step.subject));
      return applied;
    }
    ++applied.done;
  }
  return applied;
}

}  // namespace causeway::country
