// SPDX-License-Identifier: MIT
#include "ecosystem/readiness.hpp"

#include <fmt/format.h>

#include <thread>

#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/samples.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

// A signed call, or what stood in its way.
Result<void> try_call(const Plan& plan, const PlannedInstance& from, const Ports& ports, Caller& caller,
                      const std::string& id) {
  const PlannedInstance& to = plan.partner_of(from);
  Call call{.url = consumer_url(from.consumer, ports) + rest_path(to.population, service::kPopulation) + "/persons/" +
                   sample_person(to.country),
            .headers = {},
            .body = {},
            .object = {},
            .tls = {},
            .limit = 10s};
  call.headers.add("X-Road-Client", from.app.to_rest());
  call.headers.add("X-Road-Id", id);
  const auto reply = caller.call(std::move(call));
  if (!reply) return reply.error();
  if (reply->status != 200) return fault(FaultCode::network_error, reply->body);
  return {};
}

}  // namespace

Result<std::string> wait_until_ready(const Plan& plan, const Ports& ports, Caller& caller,
                                     const KeepWaiting& keep_waiting, std::chrono::seconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  std::string first_id;
  for (const PlannedInstance& instance : plan.instances) {
    for (;;) {
      const std::string id = "up-" + random_uuid();
      const auto tried = try_call(plan, instance, ports, caller, id);
      if (tried) {
        if (first_id.empty()) first_id = id;
        break;
      }
      if (auto go_on = keep_waiting(); !go_on) return go_on.error();
      if (std::chrono::steady_clock::now() > until) {
        return fault(FaultCode::network_error, fmt::format("{} does not answer: {}", instance.id, tried.error().text));
      }
      std::this_thread::sleep_for(20ms);
    }
  }
  return first_id;
}

}  // namespace causeway::ecosystem
