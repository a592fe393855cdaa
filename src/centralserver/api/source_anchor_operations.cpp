// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/api/token_json.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/source_anchors.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

SourceType asked_for(const ApiRequest& request) { return source_named(in_path(request, "configuration_type")); }

json::object as_json(const SourceAnchor& anchor) {
  return {{"hash", anchor.hash}, {"created_at", to_iso_millis(anchor.created)}};
}

// "configuration_anchor_EX_internal_UTC_2026-03-02_09_30_00.xml"
std::string file_name(const std::string& instance, SourceType source, TimePoint created) {
  std::string time = to_iso_seconds(created);
  time.pop_back();  // Z
  for (char& each : time)
    if (each == 'T' || each == ':') each = '_';
  return "configuration_anchor_" + instance + "_" + std::string(to_string(source)) + "_UTC_" + time + ".xml";
}

Result<ApiAnswer> show(const Registry& registry, const ApiRequest& request) {
  auto anchor = source_anchor(registry, asked_for(request));
  if (!anchor) return anchor.error();
  json::object out;
  if (*anchor) out["anchor"] = as_json(**anchor);
  return json_answer(out);
}

Result<ApiAnswer> download(const Registry& registry, const ApiRequest& request) {
  const SourceType source = asked_for(request);
  auto anchor = source_anchor(registry, source);
  if (!anchor) return anchor.error();
  if (!*anchor) return fault(RegistryFault::configuration_not_found, "There is no anchor yet");
  auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  return file_answer(std::move((*anchor)->document), file_name(*instance, source, (*anchor)->created),
                     "application/xml");
}

Result<ApiAnswer> make_anew(const ServerContext& context, Change& change, const ApiRequest& request) {
  auto made = recreate_source_anchor(change, asked_for(request), context.ports);
  if (!made) return made.error();
  return json_answer(as_json(*made));
}

Result<ApiAnswer> tell_url(const ServerContext& context, const Registry& registry, const ApiRequest& request) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  const std::string url = download_url(parameters->central_server_address, asked_for(request), context.ports, true);
  return json_answer(json::object{{"url", url}});
}

}  // namespace

void add_source_anchor_operations(OperationsOf& api, const SharedContext& context) {
  api.look("getAnchor", &show);
  api.look("downloadAnchor", &download);
  api.alter("reCreateAnchor",
            [context](Change& change, const ApiRequest& request) { return make_anew(*context, change, request); });
  api.look("getDownloadUrl", [context](const Registry& registry, const ApiRequest& request) {
    return tell_url(*context, registry, request);
  });
}

}  // namespace causeway::centralserver
