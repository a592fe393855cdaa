// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/api/signer_tokens.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

json::object alert(std::string_view code) { return {{"errorCode", code}}; }

void add_generation_alert(const GenerationStatus& generation, std::chrono::seconds validity, json::array& alerts) {
  constexpr std::string_view kAbout = "status.global_conf_generation.";
  const auto add = [&](std::string_view what) -> json::object& {
    return alerts.emplace_back(alert(std::string(kAbout) + std::string(what))).as_object();
  };
  if (!generation.attempted)
    add("status_not_found");
  else if (!generation.good())
    add("failing")["metadata"] = json::array{to_iso_seconds(generation.failing_since.value_or(*generation.attempted))};
  else if (now() - *generation.attempted > validity)
    add("global_conf_expired");
}

// What keeps the active key from signing; nothing if it can.
std::string_view problem_of(const std::vector<signer::TokenInfo>& tokens, const std::vector<SigningKey>& keys,
                            SourceType source, const std::string& node) {
  const auto active = std::ranges::find_if(
      keys, [&](const SigningKey& key) { return key.active && key.source == source && key.node == node; });
  if (active == keys.end()) return "missing";
  for (const signer::TokenInfo& token : tokens) {
    const auto key = std::ranges::find(token.keys, active->id, &signer::KeyInfo::id);
    if (key == token.keys.end()) continue;
    if (!token.active) return "token_not_active";
    return key->available ? "" : "key_not_available";
  }
  return "token_not_found";
}

Result<ApiAnswer> list(const ServerContext& context, const Registry& registry) {
  auto connection = context.signer();
  auto tokens = connection ? connection->list_tokens() : Result<std::vector<signer::TokenInfo>>(connection.error());
  if (!tokens) return json_answer(json::array{alert("status.signer_error")});
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  auto keys = signing_keys(registry);
  if (!keys) return keys.error();
  json::array alerts;
  const auto token = std::ranges::find(*tokens, kSoftwareToken, &signer::TokenInfo::id);
  const bool begun = !parameters->instance.empty() && !parameters->central_server_address.empty() &&
                     token != tokens->end() && is_initialized(*token);
  if (!begun) return json_answer(alerts);
  add_generation_alert(context.generation(), parameters->validity, alerts);
  for (const SourceType source : globalconf::kSourceTypes) {
    if (source == SourceType::external && !context.trusts_other_instances) continue;
    const std::string_view problem = problem_of(*tokens, *keys, source, registry.node());
    if (!problem.empty())
      alerts.push_back(alert("status.signing_key." + std::string(to_string(source)) + "." + std::string(problem)));
  }
  return json_answer(alerts);
}

}  // namespace

void add_alert_operations(OperationsOf& api, const SharedContext& context) {
  api.look("checkAlerts", [context](const Registry& registry, const ApiRequest&) { return list(*context, registry); });
}

}  // namespace causeway::centralserver
