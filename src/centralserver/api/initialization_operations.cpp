// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "base/log.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/initialization_status.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/api/signer_tokens.hpp"
#include "centralserver/registry/initialization.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "signer/faults.hpp"
#include "signer/pin_policy.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

Result<void> check_pin(const ServerContext& context, const std::string& pin) {
  if (context.enforces_pin_policy && !std::ranges::all_of(pin, is_printable))
    return token_fault("token_invalid_characters", "the PIN may hold printable ASCII characters only");
  auto good = signer::check_pin_policy(pin, context.enforces_pin_policy);
  if (!good) return token_fault("token_weak_pin", good.error().text);
  return {};
}

Result<void> initialize_token(signer::SignerConnection& connection, const std::string& pin) {
  auto done = connection.initialize_token(kSoftwareToken, pin);
  if (done) return done;
  if (done.error().code == signer::kPinPolicyFailure)
    return token_fault("init_signer_pin_policy_failed", done.error().text);
  log::error("the software token is not initialised: {}", done.error().text);
  return token_fault("init_software_token_failed", done.error().text);
}

// The token last: what is in the database can be taken back, a PIN cannot.
Result<ApiAnswer> begin(const ServerContext& context, Change& change, const ApiRequest& request) {
  const json::object body = body_of(request);
  auto asked = ask_for_token(context, kSoftwareToken);
  if (!asked) return token_fault("init_software_token_failed", asked.error().text);
  const bool has_pin = is_initialized(asked->token);
  const std::string pin = text_in(body, "software_token_pin");
  auto done = initialize(change, text_in(body, "instance_identifier"), text_in(body, "central_server_address"));
  const bool was_done = !done && done.error().code == to_string(RegistryFault::init_already_initialized);
  if (!done && (!was_done || has_pin)) return done.error();
  if (has_pin) return ApiAnswer{};
  if (auto good = check_pin(context, pin); !good) return good.error();
  if (auto set = initialize_token(asked->connection, pin); !set) return set.error();
  return ApiAnswer{};
}

}  // namespace

Result<json::object> initialization_status_json(const ServerContext& context, const Registry& registry) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  const auto asked = ask_for_token(context, kSoftwareToken);
  const char* token = "UNKNOWN";
  if (asked) token = is_initialized(asked->token) ? "INITIALIZED" : "NOT_INITIALIZED";
  return json::object{{"instance_identifier", parameters->instance},
                      {"central_server_address", parameters->central_server_address},
                      {"software_token_init_status", token}};
}

void add_initialization_operations(OperationsOf& api, const SharedContext& context) {
  api.alter("initCentralServer",
            [context](Change& change, const ApiRequest& request) { return begin(*context, change, request); });
  api.look("getInitializationStatus", [context](const Registry& registry, const ApiRequest&) -> Result<ApiAnswer> {
    auto status = initialization_status_json(*context, registry);
    if (!status) return status.error();
    return json_answer(*status);
  });
}

}  // namespace causeway::centralserver
