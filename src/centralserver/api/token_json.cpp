// SPDX-License-Identifier: MIT
#include "centralserver/api/token_json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "centralserver/api/signer_tokens.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

json::array possible_actions(const signer::TokenInfo& token, const std::vector<SigningKey>& keys) {
  json::array actions;
  if (token.active) {
    actions.emplace_back("LOGOUT");
    actions.emplace_back("CHANGE_PIN");
    if (has_room_for_key(token, SourceType::external, keys)) actions.emplace_back("GENERATE_EXTERNAL_KEY");
    if (has_room_for_key(token, SourceType::internal, keys)) actions.emplace_back("GENERATE_INTERNAL_KEY");
  } else if (is_initialized(token)) {
    actions.emplace_back("LOGIN");
  }
  actions.emplace_back("EDIT_FRIENDLY_NAME");
  return actions;
}

}  // namespace

json::object signing_key_json(const signer::TokenInfo& token, const signer::KeyInfo& info, const SigningKey& key) {
  json::array actions;
  if (token.active && !key.active) actions = {"ACTIVATE", "DELETE"};
  return {{"id", key.id},
          {"active", key.active},
          {"available", info.available},
          {"created_at", to_iso_millis(key.created)},
          {"token_id", token.id},
          {"label", json::object{{"label", info.label}}},
          {"possible_actions", std::move(actions)},
          {"source_type", source_name(key.source)},
          {"key_algorithm", info.rsa ? "RSA" : "EC"}};
}

json::object token_json(const signer::TokenInfo& token, const std::vector<SigningKey>& keys) {
  json::array of_token;
  for (const SigningKey& key : keys)
    if (const auto info = std::ranges::find(token.keys, key.id, &signer::KeyInfo::id); info != token.keys.end())
      of_token.push_back(signing_key_json(token, *info, key));
  return {{"id", token.id},
          {"name", token.friendly_name},
          {"active", token.active},
          {"available", true},
          {"logged_in", token.active},
          {"status", token.status},
          {"possible_actions", possible_actions(token, keys)},
          {"configuration_signing_keys", std::move(of_token)}};
}

const char* source_name(SourceType source) { return source == SourceType::internal ? "INTERNAL" : "EXTERNAL"; }

SourceType source_named(std::string_view name) {
  return name == source_name(SourceType::internal) ? SourceType::internal : SourceType::external;
}

}  // namespace causeway::centralserver
