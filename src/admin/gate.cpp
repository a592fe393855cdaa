// SPDX-License-Identifier: MIT
#include "admin/gate.hpp"

#include <algorithm>
#include <string_view>

#include "base/bytes.hpp"
#include "base/log.hpp"

namespace causeway::admin {
namespace {

constexpr std::string_view kKeyPrefix = "x-road-apikey token=";
constexpr std::string_view kBasicPrefix = "basic ";

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

// What follows the prefix, without space around it; nothing if it is another one.
std::optional<std::string> after(std::string_view prefix, const std::string& header) {
  if (header.size() < prefix.size() ||
      !std::equal(prefix.begin(), prefix.end(), header.begin(), [](char p, char h) { return p == lower(h); }))
    return std::nullopt;
  const auto begin = header.find_first_not_of(" \t", prefix.size());
  if (begin == std::string::npos) return std::nullopt;
  return header.substr(begin, header.find_last_not_of(" \t") - begin + 1);
}

ApiError unauthorized(const Knock& knock, std::string_view why) {
  log::warn("admin API: {} is refused: {}", knock.peer_address, why);
  return {.status = 401};
}

// Takes the same time wherever they differ.
bool same(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

}  // namespace

std::variant<Caller, ApiError> Gate::admit(store::Database& database, const Knock& knock,
                                           Sessions::Clock::time_point now) {
  if (knock.session_cookie)
    if (auto session = sessions_.find(*knock.session_cookie, now, knock.prolongs_session))
      return by_session(*std::move(session), knock);
  if (!knock.authorization) return unauthorized(knock, "it says not who it is");
  return knock.manages_keys ? by_password(knock) : by_key(database, knock, now);
}

std::variant<Caller, ApiError> Gate::by_session(Session session, const Knock& knock) const {
  const auto is_token = [&](const std::optional<std::string>& given) {
    return given && same(*given, session.csrf_token);
  };
  if (!is_token(knock.csrf_header) || !is_token(knock.csrf_cookie)) {
    log::warn("admin API: a request of {} from {} lacks the token of its session", session.user, knock.peer_address);
    return ApiError{.status = 403};
  }
  Names permissions = roles_.permissions_of(session.roles);
  return Caller{std::move(session.user), std::move(session.roles), std::move(permissions), Caller::Means::session,
                std::move(session.id)};
}

std::variant<Caller, ApiError> Gate::by_key(store::Database& database, const Knock& knock,
                                            Sessions::Clock::time_point now) {
  if (!options_.callers.contains(knock.peer_address))
    return unauthorized(knock, "not an address that may use API keys");
  const auto secret = after(kKeyPrefix, *knock.authorization);
  if (!secret) return unauthorized(knock, "the authorization is not an API key");
  auto key = keys_.find(database, *secret, now);
  if (!key) {
    log::error("admin API: keys cannot be read: {}", key.error().text);
    return ApiError{.status = 401};
  }
  if (!*key) return unauthorized(knock, "there is no such API key");
  Names permissions = roles_.permissions_of((*key)->roles);
  return Caller{"api-key-" + std::to_string((*key)->id), (*key)->roles, std::move(permissions), Caller::Means::api_key};
}

std::variant<Caller, ApiError> Gate::by_password(const Knock& knock) const {
  if (!options_.key_managers.contains(knock.peer_address))
    return unauthorized(knock, "not an address that may manage API keys");
  const auto encoded = after(kBasicPrefix, *knock.authorization);
  const auto octets = encoded ? from_base64(*encoded) : Result<Bytes>(Fault{"login_failed", "no password"});
  const std::string both = octets ? to_text(*octets) : std::string();
  const auto colon = both.find(':');
  if (colon == std::string::npos) return unauthorized(knock, "the authorization is no user name and password");
  std::string user = both.substr(0, colon);
  auto roles = users_.log_in(user, both.substr(colon + 1));
  if (!roles) return unauthorized(knock, roles.error().text);
  Names permissions = roles_.permissions_of(*roles);
  return Caller{std::move(user), *std::move(roles), std::move(permissions), Caller::Means::password};
}

}  // namespace causeway::admin
