// SPDX-License-Identifier: MIT
#include "ecosystem/readiness.hpp"

#include <fmt/format.h>

#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/central.hpp"
#include "ecosystem/samples.hpp"
#include "ecosystem/trust_services.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

// A signed call, or what stood in its way.
Result<void> try_call(const PlannedInstance& from, const PlannedInstance& to, const Ports& ports, Caller& caller,
                      const std::string& id) {
  Call call{.url = consumer_url(from.consumer, ports) + rest_path(to.population, service::kPopulation) + "/persons/" +
                   sample_person(to.country),
            .headers = {},
            .body = {},
            .object = {},
            .tls = {},
            .limit = 10s};
  call.headers.add("X-Road-Client", from.app.to_rest());
  call.headers.add("X-Road-Id", id);
  const auto reply = caller.call(call);
  if (!reply) return reply.error();
  if (reply->status != 200) return fault(FaultCode::network_error, reply->body);
  return {};
}

Result<void> try_get(const std::string& url, Caller& caller) {
  const auto reply = caller.call({.url = url, .headers = {}, .body = {}, .object = {}, .tls = {}, .limit = 10s});
  if (!reply) return reply.error();
  if (reply->status != 200) return fault(FaultCode::network_error, fmt::format("status {}", reply->status));
  return {};
}

}  // namespace

Result<void> wait_for_sources(const Ports& ports, Caller& caller, const KeepWaiting& keep_waiting,
                              std::chrono::seconds limit) {
  for (const InstancePorts& instance : ports.instances) {
    for (const std::string& url :
         {"http://" + source_address(instance) + "/internalconf?version=6", certification_url(instance) + "/certs"}) {
      auto waited = retry([&] { return try_get(url, caller); }, url, keep_waiting, limit);
      if (!waited) return waited;
    }
  }
  return {};
}

Result<std::string> wait_until_ready(const Plan& plan, const Ports& ports, Caller& caller,
                                     const KeepWaiting& keep_waiting, std::chrono::seconds limit) {
  // Within each instance too: a proxy that knows the partner may not know yet what was
  // registered last in its own.
  std::string first_id;
  for (const PlannedInstance& from : plan.instances) {
    for (const PlannedInstance& to : plan.instances) {
      std::string id;
      const auto attempt = [&] {
        id = "up-" + random_uuid();
        return try_call(from, to, ports, caller, id);
      };
      if (auto waited = retry(attempt, from.id + " to " + to.id, keep_waiting, limit); !waited) return waited.error();
      if (first_id.empty() && &to == &plan.partner_of(from)) first_id = id;
    }
  }
  return first_id;
}

}  // namespace causeway::ecosystem
