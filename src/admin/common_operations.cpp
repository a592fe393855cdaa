// SPDX-License-Identifier: MIT
#include "admin/common_operations.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "base/log.hpp"

namespace causeway::admin {
namespace {

namespace json = boost::json;

json::array names(const Names& values) { return json::array(values.begin(), values.end()); }

ApiAnswer json_answer(const json::value& value) { return {.body = json::serialize(value)}; }

json::object public_part(const ApiKey& key) { return {{"id", key.id}, {"roles", names(key.roles)}}; }

ApiError refusal(const Fault& why) {
  if (why.code == "api_key_not_found") return api_error(404, why.code);
  if (why.code == "invalid_role") return api_error(400, why.code);
  if (why.code == "forbidden_role") return {.status = 403};
  log::error("admin API: API keys: {}", why.text);
  return {.status = 500};
}

// A JSON array of names; nothing if the body is none.
std::optional<Names> roles_in(const std::string& body) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const json::array* const array = error ? nullptr : value.if_array();
  if (array == nullptr) return std::nullopt;
  Names roles;
  for (const json::value& each : *array) {
    if (!each.is_string()) return std::nullopt;
    roles.emplace(each.get_string());
  }
  return roles;
}

std::optional<std::int64_t> id_in(const ApiRequest& request) {
  const std::string& text = request.path.find("id")->second;
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

Outcome list_keys(ApiKeys& keys, const ApiRequest&, store::Database& database) {
  auto all = keys.list(database);
  if (!all) return refusal(all.error());
  json::array out;
  for (const ApiKey& key : *all) out.push_back(public_part(key));
  return json_answer(out);
}

Outcome create_key(ApiKeys& keys, const ApiRequest& request, store::Database& database) {
  const auto roles = roles_in(request.body);
  if (!roles) return ApiError{.status = 400};
  auto made = keys.create(database, *roles, request.caller);
  if (!made) return refusal(made.error());
  json::object out = public_part(made->key);
  out["key"] = made->secret;
  return json_answer(out);
}

Outcome get_key(ApiKeys& keys, const ApiRequest& request, store::Database& database) {
  const auto id = id_in(request);
  if (!id) return ApiError{.status = 400};
  auto key = keys.get(database, *id);
  return key ? Outcome(json_answer(public_part(*key))) : refusal(key.error());
}

Outcome update_key(ApiKeys& keys, const ApiRequest& request, store::Database& database) {
  const auto id = id_in(request);
  const auto roles = roles_in(request.body);
  if (!id || !roles) return ApiError{.status = 400};
  auto key = keys.update(database, *id, *roles, request.caller);
  return key ? Outcome(json_answer(public_part(*key))) : refusal(key.error());
}

Outcome revoke_key(ApiKeys& keys, const ApiRequest& request, store::Database& database) {
  const auto id = id_in(request);
  if (!id) return ApiError{.status = 400};
  auto revoked = keys.revoke(database, *id);
  return revoked ? Outcome(ApiAnswer{}) : refusal(revoked.error());
}

// With the prefix by which X-Road tells roles from permissions.
Names prefixed(const Names& roles) {
  Names out;
  for (const std::string& role : roles) out.insert("ROLE_" + role);
  return out;
}

}  // namespace

void add_common_operations(Router& router, ApiKeys& keys, Pool<store::Database>& databases) {
  using OnKeys = Outcome (*)(ApiKeys&, const ApiRequest&, store::Database&);
  const auto add = [&](const char* method, std::string path, const char* permission, OnKeys operation) {
    router.add(
        {method, std::move(path), {permission}, [&keys, &databases, operation](const ApiRequest& request) -> Outcome {
           auto database = databases.take();
           return database ? operation(keys, request, **database) : refusal(database.error());
         }});
  };
  const std::string all(kApiKeysPath), one = all + "/{id}";
  add("GET", all, "VIEW_API_KEYS", &list_keys);
  add("POST", all, "CREATE_API_KEY", &create_key);
  add("GET", one, "VIEW_API_KEYS", &get_key);
  add("PUT", one, "UPDATE_API_KEY", &update_key);
  add("DELETE", one, "REVOKE_API_KEY", &revoke_key);

  router.add({"GET", "/api/v1/user", {}, [](const ApiRequest& request) -> Outcome {
                return json_answer(json::object{{"username", request.caller.name},
                                                {"roles", names(prefixed(request.caller.roles))},
                                                {"permissions", names(request.caller.permissions)}});
              }});
  router.add({"GET", "/api/v1/user/roles", {}, [](const ApiRequest& request) -> Outcome {
                return json_answer(names(prefixed(request.caller.roles)));
              }});
  router.add({"GET", "/api/v1/user/permissions", {}, [](const ApiRequest& request) -> Outcome {
                return json_answer(names(request.caller.permissions));
              }});
  router.add({"GET", std::string(kNotificationsPath) + "/session-status", {}, [](const ApiRequest& request) -> Outcome {
                return json_answer(json::object{{"valid", request.caller.means == Caller::Means::session}});
              }});
}

}  // namespace causeway::admin
