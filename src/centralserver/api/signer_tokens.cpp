// SPDX-License-Identifier: MIT
#include "centralserver/api/signer_tokens.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "signer/token.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::ptrdiff_t kMostKeys = 2;

Fault unreachable(const Fault& why) {
  log::error("admin API: the signer: {} ({})", why.text, why.code);
  return token_fault("signer_proxy_error", why.text);
}

}  // namespace

Fault token_fault(std::string_view code, std::string text) { return Fault{std::string(code), std::move(text)}; }

Result<AskedToken> ask_for_token(const ServerContext& context, std::string_view id) {
  auto connection = context.signer();
  if (!connection) return unreachable(connection.error());
  auto tokens = connection->list_tokens();
  if (!tokens) return unreachable(tokens.error());
  const auto found = std::ranges::find(*tokens, id, &signer::TokenInfo::id);
  if (found == tokens->end()) return token_fault("token_not_found", "There is no token " + std::string(id));
  return AskedToken{*std::move(connection), std::move(*found)};
}

bool has_room_for_key(const signer::TokenInfo& token, SourceType source, const std::vector<SigningKey>& keys) {
  return std::ranges::count_if(keys, [&](const SigningKey& key) {
           return key.source == source &&
                  std::ranges::find(token.keys, key.id, &signer::KeyInfo::id) != token.keys.end();
         }) < kMostKeys;
}

bool is_initialized(const signer::TokenInfo& token) { return token.status != signer::kTokenUninitialized; }

}  // namespace causeway::centralserver
