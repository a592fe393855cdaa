// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/certificate_json.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/cost_text.hpp"
#include "centralserver/registry/timestamping_services.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

// What X-Road says of every service; how often servers stamp is a system parameter.
constexpr int kInterval = 60;

std::int64_t asked_for(const ApiRequest& request) { return number_in_path(request, "timestamping_service_id"); }

json::object as_json(const RegisteredTimestampingService& service) {
  return {{"id", service.number},
          {"url", service.url},
          {"cost_type", cost_text(service.cost)},
          {"certificate", certificate_json(service.certificate)},
          {"timestamping_interval", kInterval}};
}

Result<ApiAnswer> answer_with(const Registry& registry, std::int64_t number, int status) {
  auto service = timestamping_service(registry, number);
  if (!service) return service.error();
  return json_answer(as_json(*service), status);
}

Result<ApiAnswer> list(const Registry& registry, const ApiRequest&) {
  auto services = timestamping_services(registry);
  if (!services) return services.error();
  json::array out;
  for (const RegisteredTimestampingService& each : *services) out.push_back(as_json(each));
  return json_answer(out);
}

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  return answer_with(registry, asked_for(request), 200);
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  auto number = add_timestamping_service(change, text_in_form(request, "url"),
                                         file_in_form(request, "certificate").value_or(Bytes()),
                                         cost_of(text_in_form(request, "cost_type")));
  if (!number) return number.error();
  return answer_with(change.registry(), *number, 201);
}

Result<ApiAnswer> update(Change& change, const ApiRequest& request) {
  auto done =
      update_timestamping_service(change, asked_for(request), text_in_form(request, "url"),
                                  file_in_form(request, "certificate"), cost_of(text_in_form(request, "cost_type")));
  if (!done) return done.error();
  return answer_with(change.registry(), asked_for(request), 200);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  if (auto done = delete_timestamping_service(change, asked_for(request)); !done) return done.error();
  return no_content();
}

}  // namespace

void add_timestamping_service_operations(OperationsOf& api) {
  api.look("getTimestampingServices", &list);
  api.look("getTimestampingService", &get);
  api.alter("addTimestampingService", &add);
  api.alter("updateTimestampingService", &update);
  api.alter("deleteTimestampingService", &remove);
}

}  // namespace causeway::centralserver
