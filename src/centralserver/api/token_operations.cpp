// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "base/log.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/api/signer_tokens.hpp"
#include "centralserver/api/token_json.hpp"
#include "signer/token.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

Result<ApiAnswer> list(const ServerContext& context, const Registry& registry) {
  auto keys = signing_keys(registry);
  if (!keys) return keys.error();
  auto connection = context.signer();
  if (!connection) return token_fault("token_fetch_failed", connection.error().text);
  auto tokens = connection->list_tokens();
  if (!tokens) return token_fault("token_fetch_failed", tokens.error().text);
  json::array out;
  for (const signer::TokenInfo& token : *tokens) out.push_back(token_json(token, *keys));
  return json_answer(out);
}

Result<ApiAnswer> token_answer(const ServerContext& context, const Registry& registry, const std::string& id) {
  auto asked = ask_for_token(context, id);
  if (!asked) return asked.error();
  auto keys = signing_keys(registry);
  if (!keys) return keys.error();
  return json_answer(token_json(asked->token, *keys));
}

Result<ApiAnswer> login(const ServerContext& context, const Registry& registry, const ApiRequest& request) {
  const std::string& id = in_path(request, "token_id");
  auto asked = ask_for_token(context, id);
  if (!asked) return asked.error();
  if (asked->token.active || !is_initialized(asked->token))
    return token_fault("token_action_not_possible", "The token cannot be logged in to");
  if (auto done = asked->connection.login(id, text_in(body_of(request), "password")); !done) {
    log::warn("admin API: {} could not log in to the token {}: {}", request.caller.name, id, done.error().text);
    return token_fault("token_activation_failed", done.error().text);
  }
  log::info("admin API: {} logged in to the token {}", request.caller.name, id);
  context.wake_generation();
  return token_answer(context, registry, id);
}

Result<ApiAnswer> logout(const ServerContext& context, const Registry& registry, const ApiRequest& request) {
  const std::string& id = in_path(request, "token_id");
  auto asked = ask_for_token(context, id);
  if (!asked) return asked.error();
  if (!asked->token.active) return token_fault("token_action_not_possible", "Nobody is logged in to the token");
  if (auto done = asked->connection.logout(id); !done)
    return token_fault("token_deactivation_failed", done.error().text);
  log::info("admin API: {} logged out of the token {}", request.caller.name, id);
  return token_answer(context, registry, id);
}

}  // namespace

void add_token_operations(OperationsOf& api, const SharedContext& context) {
  api.look("getTokens", [context](const Registry& registry, const ApiRequest&) { return list(*context, registry); });
  api.look("loginToken", [context](const Registry& registry, const ApiRequest& request) {
    return login(*context, registry, request);
  });
  api.look("logoutToken", [context](const Registry& registry, const ApiRequest& request) {
    return logout(*context, registry, request);
  });
}

}  // namespace causeway::centralserver
